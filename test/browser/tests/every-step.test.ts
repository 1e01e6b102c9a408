// Every step of docs/steps.md can be taken in the window: the case page leads to
// it, and its form asks for each field by name. Which steps there are and what
// they ask the station says; only that they are lawful now is put in, because no
// one case can be in all the states at once.
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { Api } from "../src/api.ts";
import { violations } from "../src/axe.ts";
import { initRoot, tell, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { leftovers } from "../src/leftovers.ts";
import { WAGES } from "../src/rich.ts";
import { rig } from "../src/rig.ts";
import { type Language, WORDS } from "../src/words.ts";

const on = rig((folder) => initRoot(folder, TOWN));

interface Field {
  name: string;
  kind: string;
  label: { zh: string; en: string };
  choices?: { code: string; zh: string; en: string }[];
  items?: Field[];
}
interface Step {
  step: string;
  label: { zh: string; en: string };
  allowed: boolean;
  next: boolean;
  why_not?: unknown;
  fields: Field[];
}

const DOC = readFileSync(path.resolve(import.meta.dirname, "../../../docs/steps.md"), "utf8");
const IN_RULEBOOK = [...DOC.matchAll(/^\| [^|]+ \| `([a-z-]+)` \|/gm)].map((row) => row[1] ?? "");

const LETTER = { code: "0123456789abcdef-1", zh: "函", en: "A letter" };

/** As it would be answered in a state that allows it, with a letter that it may be about. */
const lawful = (step: Step): Step => ({
  ...step,
  allowed: true,
  why_not: undefined,
  fields: step.fields.map((field) => (field.kind === "choice" && !field.choices?.length ? { ...field, choices: [LETTER] } : field)),
});

/** What a field is called: the step's own words for it, or the station's. */
const called = (language: Language, owner: string, field: Field): string => WORDS[language][`field.${owner}.${field.name}`] ?? (language === "en" ? field.label.en.replaceAll("\u2019", "'") : field.label.zh);

/** All that the form asks, with what stands folded or waits to be added. */
async function unfold(desk: Desk): Promise<void> {
  const folded = desk.page.locator('main form button[aria-expanded="false"]:not([aria-haspopup])');
  const first = desk.page.getByRole("button", { name: desk.say("form.item.first"), exact: true });
  // What is unfolded may hold lists of its own.
  while ((await first.count()) + (await folded.count()) > 0) await first.or(folded).first().click();
  await desk.quiet();
}

test.each(["zh-CN", "en"] as const)("every step of the rulebook has a form, in %s", async (language) => {
  const api = await Api.signIn(on.station);
  const [id = ""] = await tell(api, [WAGES]);
  const steps = (await api.ask<Step[]>("GET", `/cases/${id}/steps`)).map(lawful);
  expect(steps.map((step) => step.step).sort()).toEqual([...IN_RULEBOOK].sort());

  const desk = await Desk.signedIn(on.browser, on.station, { language });
  const { page } = desk;
  await page.route(`**/api/v1/cases/${id}/steps`, (route) => route.fulfill({ json: steps }));
  await desk.to("cases", id);
  await desk.button("steps.more").click();
  const wrong: string[] = [];
  for (const step of steps) {
    const way = page.locator(`main a[href="#/cases/${id}/step/${step.step}"]`);
    if ((await way.count()) === 0) wrong.push(`${step.step}: nothing on the case page leads there`);
  }
  for (const step of steps) {
    await desk.to("cases", id, "step", step.step);
    await page.getByRole("heading", { level: 1, name: language === "en" ? step.label.en.replaceAll("\u2019", "'") : step.label.zh }).waitFor();
    await unfold(desk);
    const text = await page.locator("main form").innerText();
    const lacks = (owner: string, fields: readonly Field[]): void => {
      for (const field of fields) {
        const label = called(language, owner, field);
        const asked = owner === "confirm-apply" && field.name === "answers";
        if (!text.includes(label)) wrong.push(`${step.step}: does not ask for ${field.name} (${label})`);
        if (!asked) lacks(field.name, field.items ?? []);
      }
    };
    lacks(step.step, step.fields);
    if ((await page.locator('main form button[type="submit"]').count()) !== 1) wrong.push(`${step.step}: no button takes it`);
    for (const one of await page.locator("main form [role=radiogroup]").all()) {
      if ((await one.getByRole("radio").count()) === 0) wrong.push(`${step.step}: nothing to choose from in ${await one.innerText()}`);
    }
    for (const one of await violations(page, language === "en" ? "none" : "all")) wrong.push(`${step.step}: ${one}`);
    for (const one of await leftovers(page, language)) wrong.push(`${step.step}: another language or a key: ${one}`);
  }
  expect(wrong).toEqual([]);
  expect(desk.troubles).toEqual([]);
  await desk.close();
}, 180_000);
