// Village and township work on one case apart, meet by a button, and a person
// decides what they wrote differently. The court sees figures and no names.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { Api } from "../src/api.ts";
import { launch } from "../src/browser.ts";
import { County, roadOf, TOWN, VILLAGE } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { type Sample, SEEDS } from "../src/samples.ts";

let county: County;
let browser: Browser;

beforeAll(async () => {
  [county, browser] = await Promise.all([County.make(), launch()]);
});
afterAll(async () => {
  await browser.close();
  expect(await county.end()).toEqual([0, 0, 0]);
});

/** Changes one field of the open case in its place. */
async function change(desk: Desk, name: string, text: string): Promise<void> {
  await desk.button("edit.field", { field: name }).click();
  await desk.page.getByRole("textbox", { name: new RegExp(`^${name}`) }).fill(text);
  await desk.button("edit.save").click();
  await desk.button("edit.field", { field: name }).waitFor();
}

/** What identifies people: names, numbers, addresses and words only they used. */
function personal(document: Sample): string[] {
  const words = [document.title, document.facts.slice(0, 12), document.place ?? "", "除草剂"];
  for (const party of document.parties) {
    for (const field of ["name", "phone", "legal_representative"]) if (typeof party[field] === "string") words.push(party[field]);
  }
  return words.filter((word) => word !== "");
}

test("edited apart, met by the button, settled once, the same at both", async () => {
  const village = await Desk.signedIn(browser, county.village.station);
  const town = await Desk.signedIn(browser, county.town.station);
  const api = await Api.signIn(county.village.station);
  const id = await api.newCase(SEEDS.document);
  for (const [step, fields] of SEEDS.steps) await api.step(id, step, fields);

  // The township's address is typed in the settings; the first exchange carries the case.
  const sync = async () => {
    await village.to("settings", "partners");
    const partner = village.page.getByRole("region", { name: TOWN.name });
    await partner.getByRole("button", { name: village.say("partners.sync") }).click();
    await partner.getByText(new RegExp(village.say("partners.instep", { sent: "\\d+", received: "\\d+" }))).waitFor();
  };
  await village.to("settings", "partners");
  const partner = village.page.getByRole("region", { name: TOWN.name });
  await partner.getByLabel(village.say("partners.addresses")).fill(roadOf(county.town.station));
  await partner.getByRole("button", { name: village.say("partners.save") }).click();
  await partner.getByText(village.say("saved")).waitFor();
  await sync();

  // Apart, both change the amount; the township adds to the claims.
  await village.to("cases", id);
  await change(village, "涉及金额", "18,000");
  await town.to("cases", id);
  await change(town, "涉及金额", "1.24万");
  await change(town, "当事人申请事项", "请求赔偿秧苗损失和补种费用，并由农技站出具说明。");
  await sync();

  // Both pages come to know it by themselves, and ask the same question.
  for (const desk of [village, town]) {
    await desk.to("cases", id);
    await desk.text("case.conflicts", { n: 1 }).waitFor();
    await desk.page.getByText("并由农技站出具说明").waitFor();
    await desk.to("conflicts", id, "amount_fen");
    const statements = desk.page.getByRole("region", { name: new RegExp(desk.say("conflict.statement", { n: "\\d" })) });
    await statements.nth(1).waitFor();
    const said = (await statements.allInnerTexts()).join("\n");
    for (const one of ["18,000", "12,400", VILLAGE.name, TOWN.name, VILLAGE.person, TOWN.person]) expect(said).toContain(one);
  }

  // The township decides; the village learns it at the next meeting.
  await town.page.getByRole("region").filter({ hasText: "12,400" }).getByRole("button").first().click();
  await town.page.getByRole("heading", { level: 1, name: SEEDS.document.title }).waitFor();
  await town.quiet();
  expect(await town.text("case.conflicts", { n: 1 }).count()).toBe(0);
  await sync();
  await village.to("conflicts");
  await village.text("conflicts.none").waitFor();
  const shown = async (desk: Desk) => {
    await desk.to("cases", id);
    await desk.page.getByText("12,400").first().waitFor();
    const story = await desk.page.getByRole("region", { name: desk.say("case.story") }).innerText();
    return story + (await desk.page.getByRole("region", { name: desk.say("case.facts") }).innerText());
  };
  expect(await shown(village)).toBe(await shown(town));
  const documentAt = (folder: { run: (...args: string[]) => Promise<{ stdout: string }> }) => folder.run("case", "get", id, "--json");
  expect((await documentAt(county.village.folder)).stdout).toBe((await documentAt(county.town.folder)).stdout);

  await figuresOnly(id);
  expect(village.troubles).toEqual([]);
  expect(town.troubles).toEqual([]);
  await village.close();
  await town.close();
});

/** Looks at all that the court's pages hold of a case. */
async function figuresOnly(id: string): Promise<void> {
  const api = await Api.signIn(county.town.station);
  await api.sync(roadOf(county.court.station));
  const court = await Desk.signedIn(browser, county.court.station);
  const answers: string[] = [];
  court.page.on("response", (response) => {
    if (response.url().includes("/api/") && !response.url().includes("/events")) void response.text().then((text) => answers.push(text), () => undefined);
  });
  await court.page.getByRole("row", { name: /生产经营纠纷/ }).click();
  await court.text("digest.why").waitFor();
  await court.page.getByText(VILLAGE.name).first().waitFor();
  const pages = [await court.page.content()];
  for (const part of ["history", "notes", "sheet"]) {
    await court.to("cases", id, part);
    pages.push(await court.page.content());
  }
  const all = [...pages, ...answers].join("\n");
  for (const word of personal(SEEDS.document)) expect(all, `the court sees ${word}`).not.toContain(word);
  await court.close();
}
