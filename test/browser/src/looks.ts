// The looks under which every screen is checked and drawn.
import type { Look } from "./browser.ts";

export type NamedLook = Look & { name: string; language: "zh-CN" | "en" };

export const LOOKS: readonly NamedLook[] = [
  { name: "zh", language: "zh-CN", size: 16 },
  { name: "en", language: "en", size: 16 },
  { name: "zh-dark", language: "zh-CN", size: 16, theme: "dark" },
  { name: "en-contrast", language: "en", size: 16, theme: "contrast" },
  { name: "zh-200", language: "zh-CN", size: 32 },
  { name: "en-200", language: "en", size: 32 },
];
