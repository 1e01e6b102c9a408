// Draws every screen in every look into build/shots, for a person to look at.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { visit } from "../src/browser.ts";
import { LOOKS } from "../src/looks.ts";
import { rig } from "../src/rig.ts";
import { SCREENS } from "../src/screens.ts";

const OUT = path.resolve(import.meta.dirname, "../../../build/shots");

const on = rig();

beforeAll(async () => {
  await mkdir(OUT, { recursive: true });
});

describe.each(SCREENS)("screen $name", (screen) => {
  test.each(LOOKS)("in $name", async ({ name, ...look }) => {
    const { context, page } = await visit(on.browser, on.station.address, look);
    await page.goto(on.station.address);
    await screen.reach(page);
    const picture = await page.screenshot({ path: path.join(OUT, `${screen.name}-${name}.png`) });
    expect(picture.length).toBeGreaterThan(0);
    await context.close();
  });
});
