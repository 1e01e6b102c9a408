// Draws every screen in every look into build/shots, for a person to look at.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Desk } from "../src/desk.ts";
import { SCREEN } from "../src/browser.ts";
import { LOOKS } from "../src/looks.ts";
import { type Place, Scene } from "../src/scene.ts";
import { SCREENS } from "../src/screens.ts";

const OUT = path.resolve(import.meta.dirname, "../../../build/shots");

let scene: Scene;

beforeAll(async () => {
  await mkdir(OUT, { recursive: true });
  scene = await Scene.make();
});
afterAll(() => scene.end());

describe.each(LOOKS)("in $name", (look) => {
  const places = [...new Set(SCREENS.map((screen) => screen.place))];
  test.each(places)("every screen of %s", async (place: Place) => {
    let desk: Desk | undefined;
    for (const screen of SCREENS.filter((one) => one.place === place)) {
      desk ??= await scene.open(place, look);
      // Where the pointer rests nothing shall look chosen.
      await desk.page.mouse.move(1, 1);
      await screen.reach(desk, scene);
      await desk.quiet();
      // The whole page, however long.
      const height = await desk.page.evaluate(() => Math.max(...[document.documentElement, ...document.querySelectorAll(".page, .case, .left, .side")].map((one) => one.scrollHeight)));
      await desk.page.setViewportSize({ ...SCREEN, height: Math.max(SCREEN.height, height + 40) });
      const picture = await desk.page.screenshot({ path: path.join(OUT, `${screen.name}-${look.name}.png`) });
      await desk.page.setViewportSize(SCREEN);
      expect(picture.length).toBeGreaterThan(0);
      if (screen.name === "signin") {
        await desk.close();
        desk = undefined;
      }
    }
    await desk?.close();
  });
});
