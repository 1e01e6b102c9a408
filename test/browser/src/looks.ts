// The looks under which every screen is checked and drawn.
import type { Look } from "./browser.ts";

export const LOOKS: readonly (Look & { name: string })[] = [
  { name: "zh", language: "zh-CN", size: 16 },
  { name: "en", language: "en", size: 16 },
  { name: "zh-200", language: "zh-CN", size: 32 },
  { name: "en-200", language: "en", size: 32 },
];
