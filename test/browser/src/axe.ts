// The rules of accessibility that a program can check.
import axe from "axe-core";
import type { Page } from "playwright-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What breaks the rules on the page as it is now: one line for each place. */
export async function violations(page: Page, rules: "all" | "contrast" | "none" = "all"): Promise<string[]> {
  if (rules === "none") return [];
  // Evaluated, not added as a script: the page's own policy forbids those.
  await page.evaluate(axe.source);
  return page.evaluate(async (only) => {
    const { violations: found } = await window.axe.run(document, { runOnly: only, resultTypes: ["violations"] });
    return found.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${rule.help}: ${node.html}`));
  }, rules === "all" ? TAGS : ["color-contrast"]);
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}

/** Whether the page can only be read by scrolling sideways. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
