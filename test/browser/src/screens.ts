// The screens of the interface: where each is and how to come to it. Pictures
// and checks go through this one table, so that a new screen gets both.
import { COURT, VILLAGE } from "./county.ts";
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

const agreed = (scene: Scene) => scene.story.others[2] ?? "";
const performing = (scene: Scene) => scene.story.others[3] ?? "";
const newest = (scene: Scene) => scene.story.others[0] ?? "";
const wages = (scene: Scene) => scene.story.rich.wages;
const resting = (scene: Scene) => scene.story.rich.resting;
const taken = (scene: Scene) => scene.story.rich.taken;
const waiting = (scene: Scene) => scene.story.rich.waiting;

// Forms of steps, each on a case that can take it; the last is refused there.
const STEPS: readonly [(scene: Scene) => string, ...string[]][] = [
  [newest, "accept", "refuse", "redirect"],
  [wall, "assign", "start-session", "end-session", "agree", "undisputed", "suspend", "extend", "stop", "terminate", "accept"],
  [agreed, "sign"],
  [performing, "perform", "confirm-apply", "follow-up", "close"],
  [wages, "perform", "urge", "waive", "confirm-withdraw", "report-risk", "docket"],
  [resting, "resume", "helper", "risk", "notice", "proxy", "consent", "refer"],
  [waiting, "refer-receive", "refer-decline"],
  [taken, "refer-report"],
];
const CASE_NAMES = new Map([[newest, "new"], [wall, "wall"], [agreed, "agreed"], [performing, "performing"], [wages, "rich"], [resting, "resting"], [waiting, "waiting"], [taken, "letter"]]);

/** Writes a letter and looks at what it gives before it goes. */
const beforeSending = async (desk: Desk, scene: Scene) => {
  await desk.to("cases", taken(scene), "step", "refer-report");
  await desk.page.locator('main [aria-haspopup="listbox"]').first().click();
  await desk.page.getByRole("option").nth(1).click();
  // This result asks for a reason, after the course.
  for (const at of [0, 1]) await desk.page.locator("main textarea").nth(at).fill("12");
  await desk.button("send.review").click();
  await desk.page.locator("#before-sending").waitFor();
};

/** Sends a case on to the township, and looks who will be able to read it. */
const beforeReferral = async (desk: Desk, scene: Scene) => {
  await desk.to("cases", resting(scene), "step", "refer");
  const { page } = desk;
  await page.locator('main [aria-haspopup="listbox"]').first().click();
  await page.getByRole("option").nth(5).click();
  await page.getByRole("combobox").first().fill(COURT.name);
  await page.keyboard.press("Tab"); // past the list of units, which hides the page while it is open
  await desk.button("send.review").click();
  await page.locator("#before-sending").waitFor();
};

/** Looks at what a hand-over would do; nothing is handed over. */
const handover = async (desk: Desk) => {
  await desk.to("unit", "handover");
  await desk.page.getByRole("radio", { name: new RegExp(`^${VILLAGE.person}`) }).check({ force: true });
  await desk.page.getByRole("checkbox").first().check({ force: true });
  await desk.page.getByRole("radiogroup").nth(1).getByRole("radio").first().check({ force: true });
  await desk.button("handover.look").click();
  await desk.page.locator("#handover-review").waitFor();
};

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
  { name: "case-agreed", place: "village", reach: ofCase(agreed) },
  { name: "case-performing", place: "village", reach: ofCase(performing) },
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
  ...STEPS.flatMap(([pick, ...steps]) => steps.map((step): Screen => ({ name: `step-${step}-${CASE_NAMES.get(pick) ?? ""}`, place: "village", reach: ofCase(pick, "step", step) }))),
  { name: "before-sending", place: "village", reach: beforeSending },
  { name: "before-referral", place: "village", reach: beforeReferral },
  { name: "case-rich", place: "village", reach: ofCase(wages) },
  { name: "case-resting", place: "village", reach: ofCase(resting) },
  { name: "case-letter", place: "village", reach: ofCase(taken) },
  { name: "case-rich-steps", place: "village", reach: async (desk, scene) => {
    await desk.to("cases", wages(scene));
    await desk.button("steps.more").click();
    await desk.page.getByRole("group", { name: desk.say("steps.more") }).getByRole("button", { expanded: false }).last().click();
    await desk.quiet();
  } },
  { name: "history", place: "village", reach: ofCase(seeds, "history") },
  { name: "notes", place: "village", reach: ofCase(wall, "notes") },
  { name: "sheet", place: "village", reach: (desk, scene) => desk.to("cases", scene.story.others[3] ?? "", "sheet") },
  ...["due", "inbox", "oral", "leads", "unit", "tables"].map((page): Screen => ({ name: page, place: "village", reach: at(page) })),
  ...["holidays", "clocks", "needs", "bodies", "confirmation"].map((table): Screen => ({ name: `table-${table}`, place: "village", reach: at("tables", table) })),
  { name: "handover", place: "village", reach: at("unit", "handover") },
  { name: "handover-review", place: "village", reach: handover },
  { name: "leads-new", place: "village", reach: async (desk) => {
    await desk.to("leads");
    await desk.button("leads.new").click();
    await desk.quiet();
  } },
  { name: "court-inbox", place: "court", reach: at("inbox") },
  { name: "court-application", place: "court", reach: ofCase(wages) },
  { name: "inbox-empty", place: "fresh", reach: at("inbox") },
  { name: "due-empty", place: "fresh", reach: at("due") },
  { name: "unit-empty", place: "fresh", reach: at("unit") },
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
