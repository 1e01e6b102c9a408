// A village joins a township: both at their own browsers, files carried by hand.
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { admit, BUREAU, COURT, initRoot, TOWN, VILLAGE } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { Rig } from "../src/rig.ts";
import { Folder, SECRET } from "../src/station.ts";

const village = new Rig();
const town = new Rig();

beforeAll(async () => {
  // A court and a bureau stand beside each other under the town, as under a centre.
  const [court, bureau] = await Promise.all([Folder.make(), Folder.make()]);
  await Promise.all([
    village.start(),
    town.start(async (folder) => {
      await initRoot(folder, TOWN);
      await admit(folder, court, COURT);
      await admit(folder, bureau, BUREAU);
    }),
  ]);
  await Promise.all([court.remove(), bureau.remove()]);
});
afterAll(async () => {
  expect(await village.end()).toBe(0);
  expect(await town.end()).toBe(0);
});

async function wordsOf(list: Locator): Promise<string[]> {
  await list.locator("li").nth(5).waitFor();
  return list.locator("li").allInnerTexts();
}

/** Presses what saves a file and puts the file where the other side finds it. */
async function save(desk: Desk, key: string, to: string): Promise<string> {
  const [file] = await Promise.all([desk.page.waitForEvent("download"), desk.button(key).click()]);
  const at = path.join(to, file.suggestedFilename());
  await file.saveAs(at);
  return at;
}

/** Presses what asks for a file and gives this one. */
async function choose(desk: Desk, key: string, file: string): Promise<void> {
  const [asked] = await Promise.all([desk.page.waitForEvent("filechooser"), desk.button(key).click()]);
  await asked.setFiles(file);
}

test("request file, six words on both pages, certificate file, join", async () => {
  const here = await Desk.open(village.browser, village.station);
  await here.button("setup.join.go").click();
  await here.field("unit.code").fill(VILLAGE.code);
  await here.field("unit.name").fill(VILLAGE.name);
  await here.field("seat.name").fill(VILLAGE.person);
  await here.field("secret.new").fill(SECRET);
  await here.field("secret.again").fill(SECRET);
  await here.button("setup.join.make").click();
  await here.page.getByText(here.say("recovery.kept")).click();
  await here.button("recovery.go").click();
  const request = await save(here, "request.save", village.folder.root);
  await here.text("request.saved").waitFor();
  const asked = await wordsOf(here.page.getByRole("list", { name: here.say("words.compare") }));
  expect(asked).toHaveLength(6);
  await here.button("request.go").click();
  expect(await wordsOf(here.page.getByRole("list", { name: here.say("await.words") }))).toEqual(asked);

  const there = await Desk.signedIn(town.browser, town.station);
  await there.to("settings", "enrol");
  await choose(there, "enrol.choose", request);
  const seen = there.page.getByRole("list", { name: there.say("words.compare") });
  expect(await wordsOf(seen)).toEqual(asked);
  await there.page.getByText(VILLAGE.name).waitFor();
  expect(await there.button("enrol.admit").isDisabled()).toBe(true);
  // Who guides and who supervises the village: from the keyboard.
  for (const [key, name] of [["masters.court", COURT.name], ["masters.bureau", BUREAU.name]] as const) {
    await there.page.getByRole("button", { name: new RegExp(there.say(key)) }).focus();
    await there.page.keyboard.press("Enter");
    await there.page.getByRole("option", { name, exact: true }).waitFor();
    await there.page.keyboard.press("ArrowDown");
    await there.page.keyboard.press("Enter");
    await there.page.getByRole("button", { name: new RegExp(`${name}.*${there.say(key)}`) }).waitFor();
  }
  await there.page.getByText(there.say("enrol.same"), { exact: true }).click();
  await there.button("enrol.admit").click();
  const certificate = await save(there, "enrol.save", town.folder.root);
  const units = await town.folder.lines<{ code: string; unit: string; court?: string; bureau?: string }>("units");
  const idOf = (code: string) => units.find((unit) => unit.code === code)?.unit;
  expect(units.find((unit) => unit.code === VILLAGE.code)).toMatchObject({ court: idOf(COURT.code), bureau: idOf(BUREAU.code) });
  const given = await wordsOf(there.page.getByRole("list", { name: there.say("words.root", { name: TOWN.name }) }));
  expect(given).toHaveLength(6);

  // One changed byte, and nothing is taken.
  const changed = await readFile(certificate);
  const middle = Math.floor(changed.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  const bad = path.join(town.folder.root, "changed");
  await writeFile(bad, changed);
  await choose(here, "join.choose", bad);
  await here.text("join.safe").waitFor();
  expect(await here.button("join.take").count()).toBe(0);

  await choose(here, "join.choose", certificate);
  const root = here.page.getByRole("list", { name: here.say("words.root", { name: TOWN.name }) });
  expect(await wordsOf(root)).toEqual(given);
  await here.page.getByText(here.say("join.same"), { exact: true }).click();
  await here.field("join.secret").fill(SECRET);
  await here.button("join.take").click();
  await here.text("signin.sub").waitFor();
  await here.signIn();
  await here.shell().waitFor();
  await here.text("cases.none").waitFor();
  await here.to("settings", "partners");
  await here.page.getByText(TOWN.name).first().waitFor();
  expect(here.troubles.filter((one) => !/\b4\d\d\b.*\/setup\/join\/preview/.test(one))).toEqual([]);
  expect(there.troubles).toEqual([]);
  await here.close();
  await there.close();
});
