// A case from its acceptance to its close, every step taken on the page.
import { expect, test } from "vitest";
import { Api } from "../src/api.ts";
import { initRoot, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { rig } from "../src/rig.ts";
import { WALL } from "../src/samples.ts";

const on = rig((folder) => initRoot(folder, TOWN));

/** Opens the next step by its filled button and gives its form. */
async function next(desk: Desk, step: string): Promise<void> {
  await desk.text("steps.next", { step }).waitFor();
  await desk.page.getByRole("link", { name: step, exact: true }).click();
  await desk.page.getByRole("heading", { level: 1, name: step }).waitFor();
  await desk.quiet();
}

/** Takes the step whose form is filled in, and is back at the case. */
async function take(desk: Desk, step: string): Promise<void> {
  await desk.page.getByRole("button", { name: step, exact: true }).click();
  await desk.page.getByRole("heading", { level: 1, name: WALL.document.title }).waitFor();
  await desk.quiet();
}

const choose = (desk: Desk, group: string | RegExp, option: string) =>
  desk.page.getByRole("radiogroup", { name: group }).getByText(option, { exact: true }).click();

test("from accept to closed, with what is refused saying why", async () => {
  const api = await Api.signIn(on.station);
  const id = await api.newCase(WALL.document);
  const desk = await Desk.signedIn(on.browser, on.station);
  const { page } = desk;
  await desk.to("cases", id);

  // Signing comes long after: why not stands where the step would be, with its rule.
  await desk.button("steps.more").click();
  const mediation = page.getByRole("group", { name: desk.say("steps.more") }).getByRole("region", { name: desk.say("track.mediation") });
  await mediation.getByRole("button", { expanded: false }).click();
  const signing = mediation.getByRole("listitem").filter({ hasText: /^签名盖章/ });
  expect(await signing.innerText()).toContain(desk.say("steps.whynot", { why: "" }));
  expect(await signing.getByRole("link").count()).toBe(0);
  await desk.to("cases", id, "step", "sign");
  await page.getByText(desk.say("steps.whynot", { why: "" })).waitFor();
  expect(await page.getByRole("button", { name: "签名盖章" }).count()).toBe(0);
  await desk.to("cases", id);

  await next(desk, "受理");
  await desk.labelled("日期").fill("受理那天");
  await page.getByRole("button", { name: "受理", exact: true }).click();
  await desk.text("wrong.day.unreadable").waitFor();
  await desk.labelled("日期").fill("昨天");
  await take(desk, "受理");

  await next(desk, "指定调解员");
  await desk.labelled("调解员").fill("郑例贤、刘例芳");
  await page.getByRole("radiogroup").first().getByRole("radio").first().waitFor({ state: "attached" });
  await page.locator(".choice").first().click();
  await take(desk, "指定调解员");
  await desk.text("case.mediators", { names: "郑例贤、刘例芳" }).waitFor();

  await next(desk, "开始调解");
  await desk.labelled("地点").fill("纠纷现场");
  await take(desk, "开始调解");

  await next(desk, "达成协议");
  await choose(desk, /协议形式/, "书面");
  const term = (n: number) => page.getByRole("group", { name: desk.say("form.item", { n }), exact: true });
  await term(1).getByRole("combobox", { name: /履行人/ }).fill("王小例");
  await term(1).getByLabel("履行内容").fill("换新排水瓦管");
  await term(1).getByLabel("履行期限").fill("12月20日");
  await desk.button("form.item.add").click();
  await term(2).getByRole("combobox", { name: /履行人/ }).fill("王小例");
  await term(2).getByLabel("履行内容").fill("围墙退到旧墙中心线");
  await term(2).getByLabel("履行期限").fill("12月30日");
  await take(desk, "达成协议");
  await desk.text("agreement.unsealed").waitFor();

  // First only one party signs, then the others and the seal.
  await next(desk, "签名盖章");
  await page.getByText("李大样", { exact: true }).click();
  await take(desk, "签名盖章");
  await next(desk, "签名盖章");
  for (const name of ["王小例", "郑例贤"]) await page.getByText(name, { exact: true }).click();
  await page.getByText("调解委员会印章", { exact: true }).click();
  await take(desk, "签名盖章");
  await desk.text("agreement.sealed").waitFor();

  for (const what of ["换新排水瓦管", "围墙退到旧墙中心线"]) {
    await next(desk, "履行");
    await page.locator(".choice").filter({ hasText: what }).click();
    await take(desk, "履行");
  }

  await next(desk, "结案");
  await take(desk, "结案");
  await desk.text("steps.none").waitFor();
  const view = await api.ask<{ state: Record<string, string>; events: { step: string }[] }>("GET", `/cases/${id}`);
  expect(view.state).toMatchObject({ mediation: "closed", performance: "performed" });
  expect(view.events.map((event) => event.step)).toEqual([
    "accept", "assign", "start-session", "agree", "sign", "sign", "in_force", "perform", "perform", "close",
  ]);
  expect(desk.troubles).toEqual([]);
  await desk.close();
});

test("a case is refused, another ended, with their grounds", async () => {
  const api = await Api.signIn(on.station);
  const desk = await Desk.signedIn(on.browser, on.station);
  const { page } = desk;
  const one = await api.newCase({ ...WALL.document, external_id: "样-1" });
  await desk.to("cases", one, "step", "refuse");
  await page.getByRole("button", { name: /理由/ }).click();
  await page.getByRole("option").first().click();
  await take(desk, "不予受理");

  const two = await api.newCase({ ...WALL.document, external_id: "样-2" });
  await api.step(two, "accept", { at: new Date().toISOString() });
  await desk.to("cases", two, "step", "terminate");
  await page.getByRole("button", { name: /原因/ }).click();
  await page.getByRole("option", { name: /撤回|撤销/ }).first().click();
  await take(desk, "终止调解");
  const state = async (id: string) => (await api.ask<{ state: { mediation: string } }>("GET", `/cases/${id}`)).state.mediation;
  expect(await state(one)).toBe("refused_intake");
  expect(await state(two)).toBe("terminated");
  expect(desk.troubles).toEqual([]);
  await desk.close();
});
