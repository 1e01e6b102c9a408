// A step that was decided on a view in which something was missing, and one that
// gives something away: what it gives is said before it goes.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { axeFindings } from "../../test/axe";
import { draw } from "../../test/render";
import { fakeStation, Refused } from "../../test/station";
import { StepPage } from "./StepPage";

afterEach(() => {
  vi.unstubAllGlobals();
});

const said = { zh: "您打开本案之后，郑例贤办理了“暂停”（2026-03-12）。请重新查看本案，再作决定", en: "while you were looking, 郑例贤 recorded “Suspend” on 2026-03-12: look at the case again, then decide" };
const note = [{ name: "note", kind: "text", required: false, label: { zh: "说明", en: "Note" } }];

/** A station where somebody else's step comes while the form is filled in. */
function apart(after: object) {
  let heads = ["h1"];
  let allowed: object = { allowed: true };
  return fakeStation({
    "GET /cases/c1": () => ({ id: "c1", title: "墙界纠纷", heads, parties: [], events: [], conflicts: [], mediators: [], state: {} }),
    "GET /cases/c1/steps": () => [{ step: "close", label: { zh: "结案", en: "Close" }, track: "mediation", next: true, fields: note, ...allowed }],
    "POST /cases/c1/steps/close": ({ body }) => {
      if ((body as { base: string[] }).base[0] !== "h2") {
        heads = ["h2"];
        allowed = after;
        return new Refused(409, { code: "stale", detail: said.en, texts: said });
      }
      return { id: "c1", heads: ["h3"] };
    },
    "PUT /drafts/step.c1.close": () => ({ name: "d", saved_at: "2026-03-10T01:00:00Z" }),
  });
}

it("sends the heads of the view, and on a stale one says why, keeps what was typed, and goes on from the new view", async () => {
  const station = apart({ allowed: true });
  draw(<StepPage id="c1" step="close" />);
  await userEvent.type(await screen.findByLabelText(/说明/), "双方都到了");
  await userEvent.click(screen.getByRole("button", { name: "结案" }));
  expect(await screen.findByText(said.zh)).toBeVisible();
  expect(screen.getByText("现在看到的是最新的内容，您填写的还在这里。")).toBeVisible();
  expect(screen.getByLabelText(/说明/)).toHaveValue("双方都到了");
  await waitFor(() => expect(station.of("GET /cases/c1").length).toBeGreaterThan(1));
  await waitFor(() => expect(screen.getByRole("button", { name: "结案" })).toBeEnabled());
  await userEvent.click(screen.getByRole("button", { name: "结案" }));
  await waitFor(() => expect(station.of("POST /cases/c1/steps/close")).toHaveLength(2));
  expect(station.of("POST /cases/c1/steps/close").map((one) => one.body)).toEqual([
    { base: ["h1"], fields: { note: "双方都到了" } },
    { base: ["h2"], fields: { note: "双方都到了" } },
  ]);
});

it("still says what came where the step is no longer possible", async () => {
  apart({ allowed: false, why_not: { code: "step_state", texts: { zh: "现在是中止", en: "it is suspended" } } });
  draw(<StepPage id="c1" step="close" />, "en");
  await userEvent.click(await screen.findByRole("button", { name: "Close" }));
  expect(await screen.findByText("Not now: it is suspended")).toBeVisible();
  expect(screen.getByText(said.en)).toBeVisible();
});

const reason = [{ name: "why", kind: "text", required: false, label: { zh: "事由", en: "Why" } }];
const unit = (name: string) => ({ unit: name, code: "1", name });
const would = {
  case: "c1", step: "refer", state: {}, next: [], ended: [],
  started: [{ clock: "referral_answer", label: { zh: "答复转办", en: "Answer the letter" }, due_on: "2026-03-20" }],
  warnings: [{ code: "w", texts: { zh: "名册里没有这家单位", en: "it is not on the roster" } }],
  opens: {
    readers: [unit("示范县法院")], carriers: [unit("示范镇")], unnamed: 1, operations: 12, since: "2026-03-01", digest: true,
    never: [{ code: "minutes", zh: "调解笔录", en: "Minutes" }, { code: "proposals", zh: "调解方案", en: "Proposals" }], final: { zh: "给出去收不回来", en: "it can't be taken back" },
  },
};

function sending(preview: () => unknown) {
  return fakeStation({
    "GET /cases/c1": () => ({ id: "c1", title: "墙界纠纷", heads: ["h1"], parties: [], events: [], conflicts: [], mediators: [], state: {} }),
    "GET /cases/c1/steps": () => [{ step: "refer", label: { zh: "转出", en: "Refer" }, track: "referral", next: true, fields: reason, allowed: true }],
    "POST /cases/c1/steps/refer/preview": preview,
    "POST /cases/c1/steps/refer": () => ({ id: "c1", heads: ["h2"] }),
    "PUT /drafts/step.c1.refer": () => ({ name: "d", saved_at: "2026-03-10T01:00:00Z" }),
  });
}
const look = async () => {
  await userEvent.type(await screen.findByLabelText(/事由/), "请就近调解");
  await userEvent.click(screen.getByRole("button", { name: "下一步：看要送出什么" }));
};

describe("before a letter goes", () => {
  it("the station says who will read it, who carries it, since when, what stays and what begins", async () => {
    const station = sending(() => would);
    const { container } = draw(<StepPage id="c1" step="refer" />);
    await look();
    expect(await screen.findByText("送出以后能看到本案的：示范县法院")).toBeVisible();
    expect(screen.getByText("途中经过示范镇，只存着加密的内容，打不开")).toBeVisible();
    expect(screen.getByText(/途中还经过 1 处/)).toBeVisible();
    expect(screen.getByText(/3月1日第一次登记起的 12 处改动都一起送去/)).toBeVisible();
    expect(screen.getByText("留在本单位、不送的：调解笔录、调解方案。")).toBeVisible();
    expect(screen.getByText(/送出当天起算：答复转办，到.*3月20日为止/)).toBeVisible();
    expect(screen.getByText("名册里没有这家单位")).toBeVisible();
    expect(screen.getByText("给出去收不回来")).toBeVisible();
    expect(await axeFindings(container)).toEqual([]);
    expect(station.of("POST /cases/c1/steps/refer/preview")[0]?.body).toEqual({ base: ["h1"], fields: { why: "请就近调解" } });
    expect(station.of("POST /cases/c1/steps/refer")).toHaveLength(0);
    await userEvent.click(screen.getByRole("button", { name: "确认送出：转出" }));
    await waitFor(() => expect(station.of("POST /cases/c1/steps/refer")).toHaveLength(1));
  });
  it("what the station refuses is said at the form, and nothing is sent", async () => {
    const station = sending(() => new Refused(422, { code: "invalid_field", field: "why", texts: { zh: "请写清事由", en: "say why" } }));
    draw(<StepPage id="c1" step="refer" />);
    await look();
    expect((await screen.findAllByText("请写清事由")).length).toBeGreaterThan(0);
    expect(screen.getByLabelText(/事由/)).toHaveValue("请就近调解");
    expect(screen.queryByRole("button", { name: /^确认送出/ })).toBeNull();
    expect(station.of("POST /cases/c1/steps/refer")).toHaveLength(0);
  });
  it("where it can't be told, says so and what follows from the form", async () => {
    const station = sending(() => new Refused(503, { code: "busy" }));
    draw(<StepPage id="c1" step="refer" />);
    await look();
    expect(await screen.findByText(/这次没能先查清送出以后谁能看到/)).toBeVisible();
    expect(screen.getByText("调解笔记、提过的方案和让步不送，留在本单位。")).toBeVisible();
    expect(screen.getByText("送出以后收不回来：对方会一直存有这份案卷。")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "确认送出：转出" }));
    await waitFor(() => expect(station.of("POST /cases/c1/steps/refer")).toHaveLength(1));
  });
});

const asked = (id: string, auto: string, zh: string) => ({ id, auto, zh, en: id, good: "yes", blocks: true, help: { zh: "请补齐", en: "Mend it" }, article: { zh: "第29条", en: "art. 29" } });

it("begins the questions before an application with what the case answers, and leaves the others to a person", async () => {
  const station = fakeStation({
    "GET /cases/c1": () => ({
      id: "c1", title: "墙界纠纷", heads: ["h1"], parties: [], events: [], conflicts: [], mediators: [], state: {},
      agreement: { form: "written", at: "2026-03-01", terms: [], missing: ["王小例"], sealed: true },
      clocks: [{ clock: "confirmation_apply", due_on: "2026-04-01", today: { on: "2026-03-12", days_left: 20, days_over: 0 } }],
    }),
    "GET /cases/c1/steps": () => [{
      step: "confirm-apply", label: { zh: "申请司法确认", en: "Apply" }, track: "confirmation", next: true, allowed: true,
      fields: [{ name: "answers", kind: "list", required: true, label: { zh: "先核对", en: "Check" }, items: [{ name: "question", kind: "text", required: true, label: { zh: "", en: "" } }, { name: "answer", kind: "bool", required: true, label: { zh: "", en: "" } }] }],
    }],
    "GET /tables/confirmation": () => ({ document: { content: { questions: [asked("signed", "signatures", "签名齐了吗"), asked("in_time", "in_time", "没有超过三十日吗"), asked("right_court", "court", "法院有管辖权吗")] } } }),
    "POST /cases/c1/steps/confirm-apply/preview": () => ({ ...would, step: "confirm-apply" }),
    "PUT /drafts/step.c1.confirm-apply": () => ({ name: "d", saved_at: "2026-03-10T01:00:00Z" }),
  });
  draw(<StepPage id="c1" step="confirm-apply" />);
  const group = async (name: RegExp) => within(await screen.findByRole("radiogroup", { name }));
  expect((await group(/签名齐了吗/)).getByRole("radio", { name: "否" })).toBeChecked();
  expect((await group(/没有超过三十日吗/)).getByRole("radio", { name: "是" })).toBeChecked();
  for (const radio of (await group(/法院有管辖权吗/)).getAllByRole("radio")) expect(radio).not.toBeChecked();
  expect(screen.getAllByText("按本案登记的内容填好了，请核对。")).toHaveLength(2);
  expect(screen.getByText("请补齐")).toBeVisible();
  await userEvent.click((await group(/签名齐了吗/)).getByRole("radio", { name: "是" }));
  expect(screen.getAllByText("按本案登记的内容填好了，请核对。")).toHaveLength(1);
  await userEvent.click(screen.getByRole("button", { name: "下一步：看要送出什么" }));
  await waitFor(() => expect(station.of("POST /cases/c1/steps/confirm-apply/preview")[0]?.body).toMatchObject({ fields: { answers: [{ question: "in_time", answer: true }, { question: "signed", answer: true }] } }));
});
