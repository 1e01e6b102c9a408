// Several people on one folder, the lock, and typing that outlives both.
import path from "node:path";
import { expect, test } from "vitest";
import { initRoot, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { rig } from "../src/rig.ts";
import { SECRET } from "../src/station.ts";

// Short, so that the test sees it; long enough that typing is kept before it.
const IDLE_SECONDS = 8;

const on = rig((folder) => initRoot(folder, TOWN), "--idle", `${IDLE_SECONDS}s`);

const SECOND = "刘例芳";
const SECOND_SECRET = "another invented secret";

test("a second person, their own secret, and the first one's pages closed to them", async () => {
  const desk = await Desk.signedIn(on.browser, on.station);
  const { page } = desk;
  await desk.to("settings", "people");
  await desk.button("seat.add").click();
  await desk.field("seat.name").fill(SECOND);
  await page.locator(".choice").filter({ hasText: /^调解员$/ }).click();
  await desk.field("secret.new").fill(SECOND_SECRET);
  await desk.field("secret.again").fill(SECOND_SECRET);
  await desk.button("seat.make").click();
  const request = path.join(on.folder.root, "seat.request");
  const [asked] = await Promise.all([page.waitForEvent("download"), desk.button("request.save").click()]);
  await asked.saveAs(request);

  await desk.to("settings", "enrol");
  const [choose] = await Promise.all([page.waitForEvent("filechooser"), desk.button("enrol.choose").click()]);
  await choose.setFiles(request);
  await page.getByText(desk.say("enrol.same"), { exact: true }).click();
  await desk.button("enrol.admit").click();
  const certificate = path.join(on.folder.root, "seat.certificate");
  const [given] = await Promise.all([page.waitForEvent("download"), desk.button("enrol.save").click()]);
  await given.saveAs(certificate);
  await desk.to("settings", "people");
  const [take] = await Promise.all([page.waitForEvent("filechooser"), desk.button("join.choose").click()]);
  await take.setFiles(certificate);
  await desk.text("seat.joined").waitFor();
  await page.getByText(desk.say("people.awaiting")).waitFor({ state: "detached" });

  // What the first one types stays theirs behind the lock, and is there again.
  await desk.to("cases", "new");
  await desk.labelled("纠纷简要情况").fill("只有郑例贤看得到的半句话");
  await desk.text("draft.kept").waitFor();
  await desk.button("rail.lock").click();
  await desk.text("signin.locked").waitFor();
  expect(await page.getByText("只有郑例贤看得到的半句话").filter({ visible: true }).count()).toBe(0);
  await page.locator(".choice").filter({ hasText: SECOND }).click();
  await desk.signIn(SECOND_SECRET);
  await page.getByText(SECOND, { exact: false }).first().waitFor();
  await desk.to("cases");
  await desk.text("cases.none").waitFor();
  expect(await page.content()).not.toContain("只有郑例贤看得到的半句话");
  await desk.button("rail.lock").click();
  await page.locator(".choice").filter({ hasText: TOWN.person }).click();
  await desk.signIn(SECRET);
  await desk.to("cases");
  await desk.text("drafts.begun", { n: 1 }).waitFor();
  // Pages behind the lock may still ask once, and are refused.
  expect(desk.troubles.filter((one) => !/\b(401|423)\b/.test(one))).toEqual([]);
  await desk.close();
});

test("locked when idle: what was typed stands where it stood", async () => {
  const desk = await Desk.open(on.browser, on.station);
  await desk.page.locator(".choice").filter({ hasText: TOWN.person }).click();
  await desk.signIn(SECRET);
  await desk.shell().waitFor();
  await desk.to("cases", "new");
  const facts = desk.labelled("纠纷简要情况");
  await facts.fill("写到一半，人走开了");
  // Nobody touches anything: the page locks by itself.
  await desk.text("signin.locked").waitFor();
  expect(await desk.shell().isVisible()).toBe(false);
  await desk.signIn(SECRET);
  await desk.shell().waitFor();
  expect(await facts.inputValue()).toBe("写到一半，人走开了");
  expect(desk.troubles.filter((one) => !/\b(401|423)\b/.test(one))).toEqual([]);
  await desk.close();
});
