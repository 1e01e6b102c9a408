// Office work without a mouse: list, case, step and back by the keyboard alone.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Api } from "../src/api.ts";
import { initRoot, tell, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { rig } from "../src/rig.ts";
import { OTHERS, WALL } from "../src/samples.ts";
import { SECRET } from "../src/station.ts";

const on = rig((folder) => initRoot(folder, TOWN));

const MOST_TABS = 60;

const focused = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (at instanceof HTMLInputElement && at.type === "radio") return `radio ${at.closest("label")?.innerText ?? ""}`.trim();
    return at === null ? "" : `${at.getAttribute("role") ?? at.tagName.toLowerCase()} ${at.getAttribute("aria-label") ?? (at as HTMLElement).innerText}`.trim();
  });

/** Presses Tab until the focus is on what is looked for, and sees that it shows. */
async function tabTo(page: Page, wanted: RegExp): Promise<void> {
  const passed: string[] = [];
  for (let n = 0; n < MOST_TABS; n++) {
    await page.keyboard.press("Tab");
    const at = await focused(page);
    passed.push(at);
    if (!wanted.test(at)) continue;
    const ring = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement ?? document.body);
      return style.outlineStyle !== "none" || style.boxShadow !== "none";
    });
    expect(ring, `the focus on ${at} can be seen`).toBe(true);
    return;
  }
  throw new Error(`Tab never came to ${String(wanted)}; it passed\n${passed.join("\n")}`);
}

test("list, case, step and back", async () => {
  await tell(await Api.signIn(on.station), [WALL, ...OTHERS.slice(0, 3)]);
  const desk = await Desk.open(on.browser, on.station);
  const { page } = desk;
  await desk.field("signin.secret").waitFor();
  await page.keyboard.type(SECRET);
  await page.keyboard.press("Enter");
  await desk.shell().waitFor();
  await desk.quiet();

  // The words narrow the list, Down leads into its rows.
  await tabTo(page, new RegExp(desk.say("cases.find")));
  await page.keyboard.insertText("王小例");
  await desk.text("cases.found", { n: 1 }).waitFor({ state: "attached" });
  await page.keyboard.press("ArrowDown");
  // The row has the focus with the next drawing.
  await page.waitForFunction(() => document.activeElement?.getAttribute("role") === "row");
  expect(await focused(page)).toContain(WALL.document.title);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: WALL.document.title }).waitFor();
  await desk.quiet();

  await tabTo(page, /^a 达成协议$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "达成协议" }).waitFor();
  await desk.quiet();
  await tabTo(page, /^radio/);
  await page.keyboard.press("ArrowRight");
  expect(await focused(page)).toBe("radio 口头");
  await page.keyboard.press("Tab");
  expect(await focused(page)).toMatch(/^combobox/);
  for (const text of ["王小例", "换新排水瓦管", "300"]) {
    await page.keyboard.insertText(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.insertText("12月20日");
  await tabTo(page, /^button 达成协议$/);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: WALL.document.title }).waitFor();
  await desk.text("agreement.oral", { day: "" }).or(page.getByText(/调解协议（口头/)).first().waitFor();
  await desk.quiet();

  await tabTo(page, new RegExp(`^a ${desk.say("case.back")}$`));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: desk.say("cases.title"), exact: true }).waitFor();
  await desk.quiet();
  expect(await page.getByRole("row").count()).toBeGreaterThan(1);
  expect(desk.troubles).toEqual([]);
  await desk.close();
});
