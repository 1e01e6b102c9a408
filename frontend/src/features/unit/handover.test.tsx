// A hand-over: asked, looked at case by case, done; nothing for the parties.
import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HandedOver, Handover, HandoverRequest } from "../../api/types";
import { axeFindings } from "../../test/axe";
import { draw } from "../../test/render";
import { fakeStation, Refused } from "../../test/station";
import { HandoverPage } from "./HandoverPage";
import { OpenPart } from "./OpenPart";

beforeEach(() => {
  window.location.hash = "";
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const state = { mediation: "mediating", performance: "none", confirmation: "none", referral: "none" };
const line = (id: string, title: string, more: Partial<HandedOver>): HandedOver => ({
  case: id, title, unit: "u1", unit_name: "示范村调委会", state, status: "done", before: ["赵示和"], after: [], due: 0, ...more,
});
const easy = line("c1", "墙界纠纷", { after: ["刘例芳"], due: 2, next_due: "2026-03-20", warnings: [{ code: "x", texts: { zh: "刘例芳在办案件较多", en: "刘例芳 has many cases" } }] });
const chosen = line("c2", "欠薪纠纷", { status: "needs_parties", why: { code: "chosen", texts: { zh: "尤示芹还没有同意换人", en: "尤示芹 has not agreed" } } });
const stuck = line("c3", "漏水纠纷", { status: "refused", why: { code: "step_state", texts: { zh: "已达成协议，等待签名", en: "agreed, waits for signatures" } } });

const mediator = (id: string, name: string) => ({ id, name, kind: "full_time" });
const station = (mediators: object[], answer: (ask: HandoverRequest) => Partial<Handover> | Refused) =>
  fakeStation({
    "GET /open-cases": () => [{ mediator: "赵示和", cases: [{ id: "c1", title: "墙界纠纷" }, { id: "c2", title: "欠薪纠纷" }] }, { mediator: "", cases: [{ id: "c9", title: "新" }] }],
    "GET /register": () => ({ members: [], mediators, roster: [], writable: [], warnings: [], unknown: [] }),
    "GET /cases/c1/steps": () => [{ step: "assign", label: { zh: "", en: "" }, fields: [{ name: "handover", kind: "choice", choices: [{ code: "left", zh: "离任或者离职", en: "Left" }] }] }],
    "GET /cases/c2/steps": () => [{ step: "consent", label: { zh: "", en: "" }, fields: [{ name: "how", kind: "choice", choices: [{ code: "written", zh: "书面", en: "In writing" }] }] }],
    "PUT /drafts/handover.8d75.793a.548c": () => ({ name: "d", saved_at: "2026-03-10T01:00:00Z" }),
    "DELETE /drafts/handover.8d75.793a.548c": () => ({}),
    "PUT /drafts/handover": () => ({ name: "d", saved_at: "2026-03-10T01:00:00Z" }),
    "POST /register/handover": ({ body }) => {
      const ask = body as HandoverRequest;
      const said = answer(ask);
      return said instanceof Refused ? said : { from: ask.from, to: ask.to, reason: ask.reason, at: "2026-03-10", dry_run: ask.dry_run ?? false, cases: [], register: [], else: { ended: 0, drafts: 0, below: 0 }, ...said };
    },
  });

const asked = async () => {
  await userEvent.click(await screen.findByRole("checkbox", { name: "刘例芳" }));
  await userEvent.click(screen.getByRole("radio", { name: "离任或者离职" }));
};

describe("a hand-over", () => {
  it("looks at each case first, takes the parties' word from a person, and says what was done", async () => {
    window.location.hash = "#/unit/handover?from=%E8%B5%B5%E7%A4%BA%E5%92%8C";
    const fake = station([mediator("m1", "赵示和"), mediator("m2", "刘例芳")], (ask) => ({
      cases: [easy, ask.agreed?.includes("c2") ? { ...chosen, status: "done", after: ["刘例芳"], why: undefined } : chosen, stuck] as HandedOver[],
      register: ask.leave_register ? ["mediators.m1.active_to"] : [],
      else: { ended: 1, drafts: 0, below: 0 },
    }));
    const { container } = draw(<HandoverPage />);
    expect(await screen.findByRole("radio", { name: "赵示和：2 件" })).toBeChecked();
    expect(screen.queryByRole("checkbox", { name: "赵示和" })).toBeNull();
    await asked();
    await userEvent.click(screen.getByRole("checkbox", { name: "同时结束此人在本单位名册里的登记" }));
    expect(await axeFindings(container)).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "下一步：逐件看一看" }));

    expect(await screen.findByRole("heading", { name: /^赵示和有 3 件办理中的案件，交给刘例芳/ })).toHaveFocus();
    expect(fake.of("POST /register/handover").map((one) => one.body)).toMatchObject([{ from: "赵示和", to: ["刘例芳"], reason: "left", leave_register: true, dry_run: true }]);
    expect(screen.getByText("由刘例芳办理")).toBeVisible();
    expect(screen.getByText("刘例芳在办案件较多")).toBeVisible();
    expect(screen.getByText(/有 2 件事到期要办，最近的是.*3月20日/)).toBeVisible();
    expect(screen.getByText("尤示芹还没有同意换人")).toBeVisible();
    expect(screen.getByText("已达成协议，等待签名")).toBeVisible();
    expect(screen.getByText("还有案件没有交出去，登记也照样结束。")).toBeVisible();
    expect(await axeFindings(container)).toEqual([]);

    await userEvent.click(screen.getByRole("checkbox", { name: "各方都同意：欠薪纠纷" }));
    await userEvent.click(screen.getByRole("button", { name: "交接 2 件" }));
    expect(await screen.findByText("这一栏要填写。")).toBeVisible();
    expect(fake.of("POST /register/handover")).toHaveLength(1);
    await userEvent.click(screen.getByRole("radio", { name: "书面" }));
    await userEvent.click(screen.getByRole("button", { name: "交接 2 件" }));

    expect(await screen.findByRole("heading", { name: "已交接 2 件。" })).toHaveFocus();
    const done = fake.of("POST /register/handover")[1]?.body as HandoverRequest;
    expect(done).toMatchObject({ cases: ["c1", "c2", "c3"], agreed: ["c2"], how: "written", leave_register: true });
    expect(done.dry_run).toBeUndefined();
    expect(fake.of("DELETE /drafts/handover.8d75.793a.548c")).toHaveLength(1);
    expect(screen.getByText("还有 1 件没有交接。")).toBeVisible();
    expect(screen.getByText(/赵示和在名册里的登记已到.*3月10日结束。/)).toBeVisible();
    expect(screen.getByText(/另有 1 件已经办结/)).toBeVisible();
    expect(within(screen.getAllByRole("listitem")[2]!).getByText("没有交接")).toBeVisible();
    expect(screen.getByRole("link", { name: "欠薪纠纷" })).toHaveAttribute("href", "#/cases/c2");
    expect(await axeFindings(container)).toEqual([]);
  });

  it("changes nothing where the parties' word is not there, and lets the form be changed", async () => {
    window.location.hash = "#/unit/handover?from=%E8%B5%B5%E7%A4%BA%E5%92%8C";
    station([mediator("m1", "赵示和"), mediator("m2", "刘例芳")], () => ({ cases: [chosen] }));
    draw(<HandoverPage />);
    await asked();
    await userEvent.click(screen.getByRole("button", { name: "下一步：逐件看一看" }));
    await screen.findByText("尤示芹还没有同意换人");
    expect(screen.queryByRole("button", { name: /^交接/ })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "再改一改" }));
    expect(await screen.findByRole("checkbox", { name: "刘例芳" })).toBeChecked();
  });

  it("takes any names where the register has none, and says beside the field what the station refused", async () => {
    const fake = station([], () => new Refused(422, { code: "invalid_field", field: "at", texts: { zh: "日期不对", en: "no such day" } }));
    draw(<HandoverPage />);
    await userEvent.click(await screen.findByRole("button", { name: "下一步：逐件看一看" }));
    expect(await screen.findAllByText("这一栏要填写。")).not.toHaveLength(0);
    expect(fake.of("POST /register/handover")).toHaveLength(0);
    await userEvent.click(screen.getByRole("radio", { name: "赵示和：2 件" }));
    await userEvent.type(screen.getByLabelText(/^交给谁/), "刘例芳、孔例海");
    await userEvent.click(screen.getByRole("radio", { name: "离任或者离职" }));
    await userEvent.click(screen.getByRole("button", { name: "下一步：逐件看一看" }));
    expect((await screen.findAllByText("日期不对")).length).toBeGreaterThan(0);
    expect(fake.of("POST /register/handover")[0]?.body).toMatchObject({ to: ["刘例芳", "孔例海"] });
  });

  it("says where the one who takes over is missing", async () => {
    window.location.hash = "#/unit/handover?from=%E8%B5%B5%E7%A4%BA%E5%92%8C";
    station([mediator("m1", "赵示和")], () => ({}));
    draw(<HandoverPage />);
    expect(await screen.findByText(/^名册里没有别的调解员。/)).toBeVisible();
  });

  it("is reached from the open cases of each mediator, and speaks English", async () => {
    station([], () => ({}));
    draw(<OpenPart />, "en");
    const way = await screen.findByText("Hand over the cases of 赵示和");
    expect(way).toHaveAttribute("href", expect.stringContaining("#/unit/handover?from="));
    expect(screen.getAllByText(/^Hand over the cases/)).toHaveLength(1);
  });
});
