// What must hold of every screen: the rules of accessibility, no scrolling
// sideways, one language, nothing that went wrong.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { overflows, violations } from "./axe.ts";
import type { Desk } from "./desk.ts";
import { leftovers } from "./leftovers.ts";
import type { NamedLook } from "./looks.ts";
import { type Place, Scene } from "./scene.ts";
import { SCREENS } from "./screens.ts";

/** Holds every screen in these looks to it. */
export function checkEveryScreen(looks: readonly NamedLook[]): void {
  let scene: Scene;

  beforeAll(async () => {
    scene = await Scene.make();
  });
  afterAll(async () => {
    expect(await scene.end()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  describe.each(looks)("in $name", (look) => {
    const places = [...new Set(SCREENS.map((screen) => screen.place))];
    test.each(places)("every screen of %s", async (place: Place) => {
      const wrong: string[] = [];
      let desk: Desk | undefined;
      for (const screen of SCREENS.filter((one) => one.place === place)) {
        desk ??= await scene.open(place, look);
        await screen.reach(desk, scene);
        await desk.quiet();
        const { page } = desk;
        const note = (what: string) => wrong.push(`${screen.name}: ${what}`);
        if ((await page.locator("html").getAttribute("lang")) !== look.language) note("the page says another language");
        if ((await page.title()) === "") note("the page has no title");
        if (await overflows(page)) note("it is read only by scrolling sideways");
        // Larger type moves things and other colours change contrasts: each
        // rule is tried where it can break.
        const rules = look.size !== 16 ? "none" : look.theme === undefined ? "all" : "contrast";
        for (const one of await violations(page, rules)) note(one);
        for (const one of await leftovers(page, look.language)) note(`another language or a key: ${one}`);
        for (const one of desk.troubles) note(one);
        if (screen.name === "signin") {
          await desk.close();
          desk = undefined;
        }
      }
      await desk?.close();
      expect([...new Set(wrong)]).toEqual([]);
    });
  });
}
