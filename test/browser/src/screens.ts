// The screens of the interface: where each is and how to come to it. Pictures
// and checks go through this one table, so that a new screen gets both.
import type { Desk } from "./desk.ts";
import type { Place, Scene } from "./scene.ts";

export interface Screen {
  /** Names the picture. */
  name: string;
  /** The station on which it is seen. */
  place: Place;
  /** Brings a page, signed in where the place has people, to the screen. */
  reach: (desk: Desk, scene: Scene) => Promise<void>;
}

const at = (...parts: string[]) => (desk: Desk) => desk.to(...parts);
const ofCase = (pick: (scene: Scene) => string, ...parts: string[]) => (desk: Desk, scene: Scene) => desk.to("cases", pick(scene), ...parts);

/** Presses a button of the first page. */
const press =
  (...keys: string[]) =>
  async (desk: Desk) => {
    await desk.page.reload();
    for (const key of keys) await desk.button(key).click();
    await desk.quiet();
  };

const wall = (scene: Scene) => scene.story.wall;
const seeds = (scene: Scene) => scene.story.seeds;
const contested = (scene: Scene) => scene.story.contested;

const STEPS = ["accept", "refuse", "assign", "start-session", "agree", "sign", "terminate", "perform", "close"];

export const SCREENS: readonly Screen[] = [
  { name: "setup", place: "empty", reach: press() },
  { name: "setup-join", place: "empty", reach: press("setup.join.go") },
  { name: "setup-root", place: "empty", reach: press("setup.root.go", "setup.root.make") },
  { name: "setup-demo", place: "empty", reach: press("setup.demo.go") },
  { name: "setup-recover", place: "empty", reach: press("setup.recover", "recover.go") },
  { name: "awaiting", place: "awaiting", reach: press() },
  {
    name: "signin",
    place: "village",
    reach: async (desk) => {
      await desk.button("rail.lock").click();
      await desk.text("signin.locked").waitFor();
    },
  },
  { name: "list-empty", place: "fresh", reach: at("cases") },
  { name: "list", place: "village", reach: at("cases") },
  { name: "case", place: "village", reach: ofCase(wall) },
  {
    name: "case-steps",
    place: "village",
    reach: async (desk, scene) => {
      await desk.to("cases", wall(scene));
      await desk.button("steps.more").click();
    },
  },
  {
    name: "case-edit",
    place: "village",
    reach: async (desk, scene) => {
      await desk.to("cases", wall(scene));
      await desk.page.locator(".editable button").first().click();
      await desk.page.locator(".person button").first().click();
      await desk.quiet();
    },
  },
  { name: "case-seeds", place: "village", reach: ofCase(seeds) },
  { name: "case-contested", place: "village", reach: ofCase(contested) },
  { name: "case-agreed", place: "village", reach: (desk, scene) => desk.to("cases", scene.story.others[2] ?? "") },
  { name: "case-performing", place: "village", reach: (desk, scene) => desk.to("cases", scene.story.others[3] ?? "") },
  { name: "case-closed", place: "village", reach: (desk, scene) => desk.to("cases", scene.story.others[4] ?? "") },
  { name: "new", place: "village", reach: at("cases", "new") },
  {
    name: "new-wrong",
    place: "village",
    reach: async (desk) => {
      await desk.to("cases", "new");
      await desk.button("new.save").click();
      await desk.quiet();
    },
  },
  ...STEPS.map((step): Screen => ({ name: `step-${step}`, place: "village", reach: ofCase(wall, "step", step) })),
  { name: "history", place: "village", reach: ofCase(seeds, "history") },
  { name: "notes", place: "village", reach: ofCase(wall, "notes") },
  { name: "sheet", place: "village", reach: (desk, scene) => desk.to("cases", scene.story.others[3] ?? "", "sheet") },
  { name: "conflicts", place: "village", reach: at("conflicts") },
  { name: "conflict", place: "village", reach: (desk, scene) => desk.to("conflicts", seeds(scene), "amount_fen") },
  {
    name: "conflict-another",
    place: "village",
    reach: async (desk, scene) => {
      await desk.to("conflicts", seeds(scene), "amount_fen");
      await desk.button("conflict.another").click();
      await desk.quiet();
    },
  },
  { name: "conflict-step", place: "village", reach: (desk, scene) => desk.to("conflicts", contested(scene), "lifecycle.mediation") },
  { name: "court-list", place: "court", reach: at("cases") },
  { name: "court-case", place: "court", reach: ofCase(seeds) },
  ...["look", "people", "secret", "partners", "status"].map((part): Screen => ({ name: `settings-${part}`, place: "village", reach: at("settings", part) })),
  { name: "settings-enrol", place: "court", reach: at("settings", "enrol") },
  { name: "nowhere", place: "village", reach: at("nowhere") },
];
