import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "../locales/en.json";
import zh from "../locales/zh-CN.json";
import { fill, preferredLanguage } from "./messages";

const english: Record<string, string> = en;
const chinese: Record<string, string> = zh;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.|schema\.gen/.test(entry.name) ? [readFileSync(path, "utf8")] : [];
  });
}

const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort();

describe("the message files", () => {
  it("have the same keys", () => expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort()));
  it("name the same values in each sentence", () => {
    for (const key of Object.keys(chinese)) expect([key, names(english[key] ?? "")]).toEqual([key, names(chinese[key] ?? "")]);
  });
  it("leave no sentence empty", () => {
    for (const [key, text] of [...Object.entries(english), ...Object.entries(chinese)]) expect([key, text.trim()]).not.toEqual([key, ""]);
  });
  it("put no value inside a choice by number, where it would stay as it is written", () => {
    for (const [key, text] of [...Object.entries(english), ...Object.entries(chinese)]) expect([key, /\{\w+:[^}]*\{/.test(text)]).toEqual([key, false]);
  });
  it("leave no English in Chinese sentences and no Chinese in English ones", () => {
    // The language's own name, and forms that are written in Latin letters everywhere.
    const allowed = /English|Ctrl|Hejie|MB|https?|X|330681109219-tw|\d+pm/g;
    for (const [key, text] of Object.entries(chinese)) {
      expect([key, /[a-z]{2,}/i.test(text.replace(/\{[^}]*\}/g, "").replace(allowed, ""))]).toEqual([key, false]);
    }
    for (const [key, text] of Object.entries(english)) {
      if (key !== "look.zh") expect([key, /\p{Script=Han}/u.test(text)]).toEqual([key, false]);
    }
  });
  it("use none of the words that only we understand, outside the administrator's page", () => {
    const ours = /\b(node|op|ops|hash|peer|peers|merge|sync conflict|operation|operations)\b|节点|哈希|合并冲突/i;
    for (const [key, text] of [...Object.entries(english), ...Object.entries(chinese)]) {
      if (!key.startsWith("status.")) expect([key, ours.test(text)]).toEqual([key, false]);
    }
  });
  it("hold no sentence that no page uses", () => {
    const source = sources("src").join("\n");
    const literal = new Set([...source.matchAll(/"([a-z]+(?:\.[a-z0-9_]+)*)"/g)].map((match) => match[1]));
    const prefixes = [...source.matchAll(/`([a-z]+(?:\.[a-z]+)*\.)\$\{/g)].map((match) => match[1] ?? "");
    const unused = Object.keys(chinese).filter((key) => !literal.has(key) && !prefixes.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});

describe("fill", () => {
  it("puts values in their places and chooses by number", () => {
    expect(fill("{n} {n:change|changes}", { n: 1 })).toBe("1 change");
    expect(fill("{n} {n:change|changes}", { n: 3 })).toBe("3 changes");
    expect(fill("还有 {n} 处", { n: 3 })).toBe("还有 3 处");
    expect(fill("{gone}.")).toBe(".");
  });
});

it("speaks Chinese unless English is asked for first", () => {
  expect(preferredLanguage(["fr", "en-GB"])).toBe("en");
  expect(preferredLanguage(["zh-TW", "en"])).toBe("zh-CN");
  expect(preferredLanguage([])).toBe("zh-CN");
});
