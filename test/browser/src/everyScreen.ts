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
    describe.each([...new Set(SCREENS.map((screen) => screen.place))])("at %s", (place: Place) => {
      let desk: Desk | undefined;
      let told = 0; // troubles of the screens before

      afterAll(() => desk?.close());

      test.each(SCREENS.filter((screen) => screen.place === place))("$name", async (screen) => {
        const wrong: string[] = [];
        desk ??= await scene.open(place, look);
        await screen.reach(desk, scene);
        await desk.quiet();
        const { page } = desk;
        if ((await page.locator("html").getAttribute("lang")) !== look.language) wrong.push("the page says another language");
        if ((await page.title()) === "") wrong.push("the page has no title");
        if (await overflows(page)) wrong.push("it is read only by scrolling sideways");
        // Larger type moves things and other colours change contrasts: each
        // rule is tried where it can break.
        const rules = look.size !== 16 ? "none" : look.theme === undefined ? "all" : "contrast";
        wrong.push(...(await violations(page, rules)));
        wrong.push(...(await leftovers(page, look.language)).map((one) => `another language or a key: ${one}`));
        wrong.push(...desk.troubles.slice(told));
        told = desk.troubles.length;
        if (screen.name === "signin") {
          await desk.close();
          [desk, told] = [undefined, 0];
        }
        expect(wrong).toEqual([]);
      });
    });
  });
}
