// Somebody leaves: the open cases are looked at one by one and handed over in one
// go; what needs the parties' word waits for it, what can't change hands stays.
import { expect, test } from "vitest";
import { Api } from "../src/api.ts";
import { violations } from "../src/axe.ts";
import { initRoot, tell, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { RESTING, WAGES } from "../src/rich.ts";
import { rig } from "../src/rig.ts";
import { type Sample, type Told, WALL } from "../src/samples.ts";

const on = rig((folder) => initRoot(folder, TOWN));

const LEAVES = "赵示和";
const COMES = "刘例芳";
const PHONE = "电话并记入笔录";

/** The first steps of a told case, up to and with the one named. */
const until = (one: Told, step: string, document: Sample = one.document): Told => ({
  document,
  steps: one.steps.slice(0, one.steps.findIndex(([name]) => name === step) + 1),
});

interface Found {
  mediators: string[];
  events: { step: string; fields?: Record<string, unknown> }[];
}

test("somebody's cases go to a colleague", async () => {
  const api = await Api.signIn(on.station);
  for (const name of [LEAVES, COMES]) await api.ask("PATCH", "/register", { fields: { "mediators.+": { name, kind: "full_time" } } });
  const alone = (one: Told): Told => ({ ...one, steps: one.steps.map(([step, fields]) => [step, step === "assign" ? { ...fields, mediators: [LEAVES] } : fields]) });
  const [easy = "", chosen = "", agreed = ""] = await tell(api, [
    RESTING,
    until(alone(WAGES), "assign"),
    until(alone(WAGES), "agree", { ...WAGES.document, title: "等待签名的欠薪纠纷", parties: WAGES.document.parties }),
  ].map((one) => ({ ...one, steps: one.steps.filter(([step]) => step !== "disclose" && step !== "helper") })));
  await tell(api, [{ document: WALL.document, steps: [] }]);

  const desk = await Desk.signedIn(on.browser, on.station);
  const { page } = desk;
  await desk.to("unit");
  await page.getByText(desk.say("open.of", { name: LEAVES, n: 3 })).click();
  await desk.link("open.handover", { name: LEAVES }).click();
  await page.getByRole("checkbox", { name: COMES }).check({ force: true });
  await page.getByRole("radio", { name: "离任或者离职" }).check({ force: true });
  await page.getByRole("checkbox", { name: desk.say("handover.leave") }).check({ force: true });
  await desk.button("handover.look").click();

  // Looked at, and nothing is changed.
  await page.getByRole("heading", { name: desk.say("handover.can", { n: 1 }) }).waitFor();
  await page.getByRole("heading", { name: desk.say("handover.ask", { n: 1 }) }).waitFor();
  await page.getByRole("heading", { name: desk.say("handover.cannot", { n: 1 }) }).waitFor();
  expect(await violations(page, "all")).toEqual([]);
  const of = (id: string) => api.ask<Found>("GET", `/cases/${id}`);
  for (const id of [easy, chosen, agreed]) expect((await of(id)).mediators).toEqual([LEAVES]);

  await page.getByRole("checkbox", { name: desk.say("handover.agreed", { title: WAGES.document.title }) }).check({ force: true });
  await page.getByRole("radio", { name: PHONE }).check({ force: true });
  await desk.button("handover.go", { n: 2 }).click();
  await page.getByRole("heading", { name: desk.say("handover.done", { n: 2 }) }).waitFor();
  await desk.text("handover.left", { n: 1 }).waitFor();
  expect(await violations(page, "all")).toEqual([]);

  for (const id of [easy, chosen]) expect((await of(id)).mediators).toEqual([COMES]);
  expect((await of(chosen)).events.at(-2)).toMatchObject({ step: "consent", fields: { purpose: "mediator", given: true, how: "phone_noted" } });
  expect((await of(agreed)).mediators).toEqual([LEAVES]);
  const register = await api.ask<{ mediators: { name: string; active_to?: string }[] }>("GET", "/register");
  expect(register.mediators.find((one) => one.name === LEAVES)?.active_to).toBeTruthy();
  expect(register.mediators.find((one) => one.name === COMES)?.active_to).toBeFalsy();

  // The way to a case from the list of results; the draft of the form is gone.
  await page.getByRole("link", { name: RESTING.document.title, exact: true }).click();
  await page.getByRole("heading", { level: 1, name: RESTING.document.title }).waitFor();
  expect((await api.ask<{ name: string }[]>("GET", "/drafts")).filter((draft) => draft.name.startsWith("handover"))).toEqual([]);
  expect(desk.troubles).toEqual([]);
  await desk.close();
});
