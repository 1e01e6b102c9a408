// Contrast of every pair of colours that is used, in every set.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type Set = Record<string, string>;

const css = readFileSync("src/styles/tokens.css", "utf8");

function setOf(theme: string): Set {
  const block = new RegExp(`\\[data-theme="${theme}"\\]\\s*\\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  const set: Set = {};
  for (const match of block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)) set[match[1] ?? ""] = match[2] ?? "";
  return set;
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const meanings = ["due", "bad", "wait", "ok"];
const text: [string, string][] = [
  ...["ink", "soft", "accent"].flatMap((ink): [string, string][] => ["paper", "sheet", "accent-soft"].map((ground) => [ink, ground])),
  ["accent-ink", "accent"],
  ...meanings.flatMap((name): [string, string][] => [[name, `${name}-bg`], [name, "sheet"], [name, "paper"], ["ink", `${name}-bg`]]),
  ["soft", "due-bg"], ["soft", "wait-bg"], ["soft", "bad-bg"],
];
const edges: [string, string][] = [["edge", "paper"], ["edge", "sheet"], ["accent", "paper"], ["accent", "sheet"], ["bad", "sheet"]];

describe.each(["light", "dark", "contrast"])("the %s set", (theme) => {
  const set = setOf(theme);
  it("names the same colours as the first", () => expect(Object.keys(set).sort()).toEqual(Object.keys(setOf("light")).sort()));
  it.each(text)("%s on %s reads at 4.5:1", (ink, ground) => expect(contrast(set[ink] ?? "", set[ground] ?? "")).toBeGreaterThanOrEqual(4.5));
  it.each(edges)("%s shows on %s at 3:1", (edge, ground) => expect(contrast(set[edge] ?? "", set[ground] ?? "")).toBeGreaterThanOrEqual(3));
});

it("the high-contrast set reads at 7:1", () => {
  const set = setOf("contrast");
  for (const [ink, ground] of text) expect([ink, ground, contrast(set[ink] ?? "", set[ground] ?? "") >= 7]).toEqual([ink, ground, true]);
});
