// The interface's own words, read from its files: a test names a sentence by
// its key and asks for what a person reads, in either language.
import { readFileSync } from "node:fs";
import path from "node:path";

export type Language = "zh-CN" | "en";

const FOLDER = path.resolve(import.meta.dirname, "../../../frontend/src/locales");

const read = (language: Language) => JSON.parse(readFileSync(path.join(FOLDER, `${language}.json`), "utf8")) as Record<string, string>;

export const WORDS: Readonly<Record<Language, Readonly<Record<string, string>>>> = { "zh-CN": read("zh-CN"), en: read("en") };

export type Say = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Gives the sentence of a key with its values put in. */
export function say(language: Language): Say {
  return (key, values = {}) => {
    const sentence = WORDS[language][key];
    if (sentence === undefined) throw new Error(`the interface has no sentence ${key}`);
    return sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (_, name: string, one?: string, more?: string) => {
      const value = values[name] ?? "";
      if (one === undefined || more === undefined) return String(value);
      return value === 1 ? one : more;
    });
  };
}
