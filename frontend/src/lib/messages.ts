// Turns keys into sentences in the person's language. Every text of the pages
// comes from the two message files; no component holds a text of its own.
import en from "../locales/en.json";
import zh from "../locales/zh-CN.json";

export type Language = "zh-CN" | "en";
export type Key = keyof typeof zh;
export type Values = Readonly<Record<string, string | number>>;

const files: Record<Language, Readonly<Record<Key, string>>> = { "zh-CN": zh, en };

/**
 * Fills a message: {name} stands for a value, {name:one|many} chooses by the
 * number under that name (English needs it, Chinese does not).
 */
export function fill(message: string, values: Values = {}): string {
  return message.replace(/\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (one !== undefined && many !== undefined) return Number(value) === 1 ? one : many;
    return value === undefined ? "" : String(value);
  });
}

export function translate(language: Language, key: Key, values?: Values): string {
  return fill(files[language][key], values);
}

/** The language that the computer asks for; Chinese unless it asks for English first. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (tag.toLowerCase().startsWith("zh")) return "zh-CN";
    if (tag.toLowerCase().startsWith("en")) return "en";
  }
  return "zh-CN";
}

/** A message in both languages, for what is described as data. */
export function both(key: Key): { zh: string; en: string } {
  return { zh: files["zh-CN"][key], en: files.en[key] };
}

/** Whether there is a message of that name. */
export const isKey = (name: string): name is Key => name in zh;
