// The least that must hold, on a station that was never set up.
import { expect, test } from "vitest";
import { visit } from "../src/browser.ts";
import { rig } from "../src/rig.ts";

const on = rig();

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
