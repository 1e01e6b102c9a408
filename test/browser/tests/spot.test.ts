// What a village mediator does by himself: an oral agreement by the keyboard
// alone with its keystrokes counted, a case that a party stops, a lead that
// becomes a case.
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { Api } from "../src/api.ts";
import { initRoot, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { rig } from "../src/rig.ts";
import { WALL } from "../src/samples.ts";

const on = rig((folder) => initRoot(folder, TOWN));

/** Types as a person does, and counts the keys. */
class Typist {
  keys = 0;

  constructor(private readonly page: Page) {}

  async press(key: string): Promise<void> {
    this.keys += key.split("+").length;
    await this.page.keyboard.press(key);
  }

  /** Latin letters and figures, key by key. */
  async figures(text: string): Promise<void> {
    this.keys += text.length;
    await this.page.keyboard.type(text);
  }

  /**
   * Chinese words in full pinyin: each word's letters and a key that chooses it.
   * The input method itself is the system's; the page gets what it makes.
   */
  async words(...words: readonly (readonly [string, string])[]): Promise<void> {
    for (const [pinyin, word] of words) {
      this.keys += pinyin.length + 1;
      await this.page.keyboard.insertText(word);
    }
  }
}

// What a practised person types, and a slow one who looks for each key.
const SLOW_KEYS_A_MINUTE = 180;

test("an oral agreement by the keyboard alone, in under a minute", async () => {
  const desk = await Desk.signedIn(on.browser, on.station);
  const { page } = desk;
  await desk.to("oral");
  await desk.field("oral.category").waitFor();
  const hand = new Typist(page);
  const category = page.getByRole("combobox", { name: new RegExp(desk.say("oral.category")) });
  expect(await category.evaluate((at) => at === document.activeElement), "the first field has the focus").toBe(true);

  await hand.figures("02");
  await hand.press("Enter");
  await hand.words(["lida", "李大"], ["yang", "样"]);
  await hand.press("Enter");
  await hand.words(["wang", "王"], ["xiaoli", "小例"]);
  await hand.press("Enter");
  await hand.words(["paishuiguan", "排水管"], ["loushui", "漏水"]);
  await hand.press("Enter");
  // Not performed on the spot; the other side promises, as is usual: two more Enters.
  await hand.press("Enter");
  await hand.press("Enter");
  await hand.words(["xiuhao", "修好"], ["shuiguan", "水管"], ["peixiuqiangqian", "赔修墙钱"]);
  await hand.press("Enter");
  await hand.figures("300");
  await hand.press("Enter");
  await hand.figures("12.20");
  await hand.press("Control+Enter");
  await desk.text("oral.done").waitFor();

  const seconds = Math.round((hand.keys / SLOW_KEYS_A_MINUTE) * 60);
  process.stdout.write(`an oral agreement: ${String(hand.keys)} keystrokes, ${String(seconds)} s at ${String(SLOW_KEYS_A_MINUTE)} keys a minute\n`);
  expect(seconds).toBeLessThan(60);

  // It is there, in force, with all that the law asks to be recorded.
  const api = await Api.signIn(on.station);
  const { cases } = await api.ask<{ cases: { id: string; title: string }[] }>("GET", "/cases?query=王小例");
  const view = await api.ask<{ state: Record<string, string>; category: string; mediators: string[]; agreement: { form: string; terms: { who: string; what: string; amount_fen: number; due: string }[] } }>(
    "GET",
    `/cases/${cases[0]?.id ?? ""}`,
  );
  expect(view).toMatchObject({ category: "02", mediators: [TOWN.person], state: { mediation: "effective", performance: "performing" }, agreement: { form: "oral" } });
  expect(view.agreement.terms).toMatchObject([{ who: "王小例", what: "修好水管赔修墙钱", amount_fen: 30_000 }]);
  expect(view.agreement.terms[0]?.due).toMatch(/-12-20$/);
  expect(desk.troubles).toEqual([]);
  await desk.close();
});

test("a party that wants to sue is one step away, and it counts against nobody", async () => {
  const api = await Api.signIn(on.station);
  const id = await api.newCase({ ...WALL.document, external_id: "样-停" });
  await api.step(id, "accept", { at: new Date().toISOString() });
  const desk = await Desk.signedIn(on.browser, on.station);
  const { page } = desk;
  await desk.to("cases", id);
  await desk.text("right.stop").waitFor();
  await desk.link("right.stop.go").click();
  await desk.quiet();
  await page.getByRole("group", { name: new RegExp(desk.say("field.stop.by")) }).getByText("李大样", { exact: true }).click();
  await page.getByText("要求起诉", { exact: true }).click();
  await page.getByRole("button", { name: "当事人不愿调解", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: WALL.document.title }).waitFor();
  await desk.quiet();
  const view = await api.ask<{ state: Record<string, string>; by_party?: boolean; suit?: { state: string } }>("GET", `/cases/${id}`);
  expect(view.state["mediation"]).toBe("terminated");
  expect(view.by_party).toBe(true);
  await desk.text("suit.wanted").waitFor();
  // Where it was used it is not offered again.
  expect(await desk.link("right.stop.go").count()).toBe(0);
  expect(desk.troubles).toEqual([]);
  await desk.close();
});

test("a lead from a sweep is registered in a short form and made a case", async () => {
  const desk = await Desk.signedIn(on.browser, on.station);
  const { page } = desk;
  await desk.to("leads");
  await desk.button("leads.new").click();
  await desk.field("lead.brief").fill("两家为晒谷场用水争吵");
  await page.getByRole("button", { name: new RegExp(desk.say("lead.found")) }).click();
  await page.getByRole("option", { name: desk.say("code.lead_source.sweep") }).click();
  await page.getByText(desk.say("code.risk_level.yellow"), { exact: true }).click();
  await desk.button("leads.save").click();
  const make = desk.link("leads.make");
  await make.waitFor();
  await desk.quiet();
  await make.first().click();
  await desk.quiet();
  await page.getByRole("button", { name: /来源/ }).click();
  await page.getByRole("option").first().click();
  await page.locator("form").getByRole("button").last().click();
  await desk.text("steps.label").or(page.locator(".next")).first().waitFor();
  await desk.quiet();
  const api = await Api.signIn(on.station);
  const { cases } = await api.ask<{ cases: { state: { mediation: string } }[] }>("GET", "/cases?query=晒谷场");
  expect(cases.map((row) => row.state.mediation)).toEqual(["submitted"]);
  await desk.to("leads");
  await desk.text("leads.none").waitFor();
  expect(desk.troubles).toEqual([]);
  await desk.close();
});
