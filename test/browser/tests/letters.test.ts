// The court sends a case to the township: what goes is said before it goes, the
// township signs for it with one press, takes it with another, and the court sees both.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "playwright-core";
import { Api } from "../src/api.ts";
import { launch } from "../src/browser.ts";
import { County, roadOf, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { WALL } from "../src/samples.ts";

let county: County;
let browser: Browser;

beforeAll(async () => {
  [county, browser] = await Promise.all([County.make(), launch()]);
});
afterAll(async () => {
  await browser.close();
  expect(await county.end()).toEqual([0, 0, 0]);
});

test("a referral from the court, signed for and taken at the township", async () => {
  const court = await Api.signIn(county.court.station);
  const town = await Api.signIn(county.town.station);
  const road = roadOf(county.court.station);
  await court.ask("PATCH", "/register", { fields: { "roster.+": { name: TOWN.name, unit: TOWN.code } } });
  const id = await court.newCase(WALL.document);

  // Written at the court: the unit is found by a part of its name.
  const sender = await Desk.signedIn(browser, county.court.station);
  const { page } = sender;
  await sender.to("cases", id, "step", "refer");
  await page.getByRole("button", { name: new RegExp(sender.say("field.refer.kind")) }).click();
  await page.getByRole("option", { name: "诉前委派调解" }).click();
  const unit = page.getByRole("combobox", { name: new RegExp(sender.say("field.refer.to")) });
  await unit.fill(TOWN.name.slice(0, 3));
  await sender.text("pick.understood", { name: "" }).waitFor();
  await page.getByLabel(/^函号/).fill("（2026）示0001号");
  const consents = page.getByRole("group", { name: /^征求意见/ });
  await consents.getByRole("button", { name: sender.say("form.item.first") }).click();
  await consents.getByRole("textbox").first().fill("李大样");
  await consents.getByText("书面", { exact: true }).click();
  await consents.getByRole("textbox").last().fill("今天");
  await sender.button("send.review").click();
  await sender.text("send.title", { unit: TOWN.name }).waitFor();
  // Said by the station before it goes: who can read it then, since when, what stays here.
  await sender.text("send.readers", { names: TOWN.name }).waitFor();
  await page.getByText(/第一次登记起的 2 处改动/).waitFor();
  await page.getByText(/留在本单位、不送的：.*调解方案/).waitFor();
  const gone = await court.ask<{ referrals?: unknown[] }>("GET", `/cases/${id}`);
  expect(gone.referrals ?? []).toEqual([]);
  await page.getByRole("button", { name: new RegExp(`^${sender.say("send.yes", { step: "" })}`) }).click();
  // The case's own page comes only once it is saved.
  await page.waitForURL(new RegExp(`/cases/${id}$`));
  await sender.text("letters.title").waitFor();

  // It travels; the township's rail counts it and the inbox shows it.
  await town.sync(road);
  const receiver = await Desk.signedIn(browser, county.town.station);
  await receiver.to("inbox");
  const item = receiver.page.getByRole("listitem").filter({ hasText: WALL.document.title });
  await item.waitFor();
  await item.getByRole("button", { name: receiver.say("inbox.sign") }).click();
  await item.getByRole("button", { name: receiver.say("inbox.take") }).click();
  await item.getByRole("link", { name: receiver.say("inbox.report") }).waitFor();

  // Back at the court: signed for and taken, with the days.
  await town.sync(road);
  await sender.to("cases", id);
  await sender.text("letters.received").waitFor();
  await sender.text("letters.accepted").waitFor();
  const view = await court.ask<{ referrals: { state: string; received_by?: string }[] }>("GET", `/cases/${id}`);
  expect(view.referrals[0]).toMatchObject({ received_by: TOWN.person });
  expect(["accepted", "in_work"]).toContain(view.referrals[0]?.state);
  expect([...sender.troubles, ...receiver.troubles]).toEqual([]);
  await sender.close();
  await receiver.close();
});
