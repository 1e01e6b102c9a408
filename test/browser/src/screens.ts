// The screens of the interface: how to come to each. Pictures and checks of
// accessibility go through this one table, so that a new screen gets both.
import type { Page } from "playwright-core";

export interface Screen {
  /** Names the picture. */
  name: string;
  /** Brings a page that has just been opened to the screen. */
  reach: (page: Page) => Promise<void>;
}

/** Waits until the page has drawn something a person can read. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main").first().waitFor();
  await page.evaluate(() => document.fonts.ready);
}

export const SCREENS: readonly Screen[] = [{ name: "first", reach: settled }];
