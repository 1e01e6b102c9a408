// The least that must hold of every screen, on a station that was never set up.
import { describe, expect, test } from "vitest";
import { overflows, violations } from "../src/axe.ts";
import { visit } from "../src/browser.ts";
import { LOOKS } from "../src/looks.ts";
import { rig } from "../src/rig.ts";
import { SCREENS } from "../src/screens.ts";

const on = rig();

describe.each(SCREENS)("screen $name", (screen) => {
  test.each(LOOKS)("in $name", async ({ name, ...look }) => {
    const { context, page, troubles } = await visit(on.browser, on.station.address, look);
    await page.goto(on.station.address);
    await screen.reach(page);
    expect(await page.title(), "the page has the program's name").toContain("和解 Hejie");
    expect(await page.locator("html").getAttribute("lang")).toBe(look.language);
    expect(await violations(page), name).toEqual([]);
    expect(await overflows(page), "it is read without scrolling sideways").toBe(false);
    expect(troubles).toEqual([]);
    await context.close();
  });
});

test("all that the interface asks for comes from the program, fonts included", async () => {
  const { context, page } = await visit(on.browser, on.station.address);
  const asked: string[] = [];
  page.on("response", (response) => asked.push(`${response.status()} ${new URL(response.url()).pathname}`));
  await page.goto(on.station.address);
  await page.locator("main").first().waitFor();
  await page.evaluate(() => document.fonts.ready);
  expect(asked.filter((line) => !line.startsWith("200 "))).toEqual([]);
  expect(asked.some((line) => /\.(woff2|ttf)$/.test(line)), asked.join("\n")).toBe(true);
  await context.close();
});
