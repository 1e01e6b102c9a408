// The pages as a person meets them: what they say, keep and send.
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Conflict } from "../api/types";
import { axeFindings } from "../test/axe";
import { draw } from "../test/render";
import { fakeStation, Refused } from "../test/station";
import { Editable } from "./cases/edit/Editable";
import { NewCasePage } from "./cases/new/NewCasePage";
import { ConflictPage } from "./conflicts/ConflictPage";
import { SignIn } from "./session/SignIn";

beforeEach(() => {
  window.location.hash = "";
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const saved = () => ({ name: "d", saved_at: "2026-03-10T01:00:00Z" });

describe("sign-in", () => {
  const seats = [{ seat: "s1", seat_name: "赵示和", roles: ["mediator"] }, { seat: "s2", seat_name: "刘例芳", roles: ["mediator"] }];
  it("opens the chosen seat and hands over the session", async () => {
    const station = fakeStation({ "GET /seats/here": () => seats, "POST /sessions": () => ({ token: "t", person: { seat: "s2" }, idle_seconds: 1, locks_in: 1 }) });
    const done = vi.fn();
    const { container } = draw(<SignIn unitName="枫源村" done={done} recover={() => undefined} />);
    await userEvent.click(await screen.findByRole("radio", { name: /刘例芳/ }));
    await userEvent.type(screen.getByLabelText(/口令/), "eight characters{Enter}");
    await waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(station.of("POST /sessions")[0]?.body).toEqual({ seat: "s2", secret: "eight characters" });
    expect(JSON.stringify(localStorage)).not.toContain("eight");
    expect(await axeFindings(container)).toEqual([]);
  });
  it("asks for a name in words instead of doing nothing", async () => {
    fakeStation({ "GET /seats/here": () => seats });
    draw(<SignIn unitName="枫源村" done={() => undefined} recover={() => undefined} />);
    await userEvent.type(await screen.findByLabelText(/口令/), "eight characters{Enter}");
    expect(await screen.findByText("请选择您的姓名。")).toBeVisible();
  });
  it("says that it was slowed down, for how long, and takes no try meanwhile", async () => {
    const station = fakeStation({ "GET /seats/here": () => seats.slice(0, 1), "POST /sessions": () => new Refused(429, { code: "too_many_attempts", retry_after: 20 }) });
    draw(<SignIn unitName="Fengyuan" done={() => undefined} recover={() => undefined} />, "en");
    await userEvent.type(await screen.findByLabelText(/Secret/), "not this one{Enter}");
    expect(await screen.findByText(/Please wait 20 seconds/)).toBeVisible();
    await userEvent.type(screen.getByLabelText(/Secret/), "{Enter}");
    expect(station.of("POST /sessions")).toHaveLength(1);
  });
});

describe("a new case", () => {
  const name = "case-new.0190a0a0-0000-7000-8000-000000000000";
  it("keeps what is typed as a draft, says what is missing, and records nothing until it is right", async () => {
    const station = fakeStation({ [`PUT /drafts/${name}`]: saved, "GET /drafts": () => [] });
    const { container } = draw(<NewCasePage draft="0190a0a0-0000-7000-8000-000000000000" />);
    await userEvent.type(await screen.findByRole("textbox", { name: /^案情/ }), "拆了墙");
    await waitFor(() => expect(station.of(`PUT /drafts/${name}`).at(-1)?.body).toMatchObject({ value: { facts: "拆了墙" } }), { timeout: 3000 });
    expect(await screen.findByText(/关机也不会丢/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "登记" }));
    expect(await screen.findAllByText("这一栏要填写。")).not.toHaveLength(0);
    expect(station.of("POST /cases")).toHaveLength(0);
    expect(await axeFindings(container)).toEqual([]);
  });
  it("comes back after a break with everything that was typed", async () => {
    const value = { token: "0190a0a0-0000-7000-8000-000000000001", title: "墙界纠纷", facts: "半句", amount: "12", parties: [{ side: "applicant", kind: "person", name: "李大样" }] };
    fakeStation({ [`GET /drafts/${name}`]: () => ({ ...saved(), value }) });
    draw(<NewCasePage draft="0190a0a0-0000-7000-8000-000000000000" />);
    expect(await screen.findByText("上次没有写完的内容在这里，可以接着写。")).toBeVisible();
    expect(screen.getByRole("textbox", { name: /^案情/ })).toHaveValue("半句");
    expect(screen.getByRole("textbox", { name: /^姓名/ })).toHaveValue("李大样");
  });
});

describe("a contradiction", () => {
  const conflict: Conflict = {
    decider: ["mediator", "director", "u1", "u2"], because: "apart", heads: ["h1", "h0"],
    decides: { zh: "承办单位或者其指导站的调解员、主任", en: "A mediator or director" }, why: { zh: "两处各写了一次", en: "written twice" },
    case: "c1", title: "墙界纠纷", field: "amount_fen", kind: "field", values: [
      { value: 1_670_300, seat: "s1", seat_name: "赵示和", unit: "u1", unit_name: "枫源村", written: "2026-03-08T08:20:00Z" },
      { value: 1_240_000, seat: "s9", seat_name: "郑例贤", unit: "u2", unit_name: "枫桥镇", written: "2026-03-09T01:05:00Z" },
    ],
  };
  const answers = (may: boolean) => ({
    "GET /conflicts": () => ({ conflicts: [may ? conflict : { ...conflict, decider: ["judge", "u9"] }], may_settle: ["c1"] }),
    "GET /cases/c1": () => ({ id: "c1", title: "墙界纠纷", heads: ["h1"], parties: [], events: [], conflicts: [conflict], state: {}, access: "full" }),
    "GET /cases/c1/steps": () => [],
    "POST /cases/c1/settle": () => ({ id: "c1", heads: ["h2"] }),
  });
  it("shows both statements with name, place and day, and settles on the one that is kept", async () => {
    const station = fakeStation(answers(true));
    const { container } = draw(<ConflictPage id="c1" field="amount_fen" />);
    const [first, second] = await screen.findAllByRole("region");
    expect(first).toHaveTextContent(/枫源村 · 赵示和（您） · .*3月8日 16:20/);
    expect(within(second!).getByText("12,400").tagName).toBe("MARK");
    expect(await axeFindings(container)).toEqual([]);
    await userEvent.click(within(second!).getByRole("button"));
    await waitFor(() => expect(station.of("POST /cases/c1/settle")[0]?.body).toMatchObject({ field: "amount_fen", value: 1_240_000, base: ["h1", "h0"] }));
  });
  it("takes a third value as exact fen", async () => {
    const station = fakeStation(answers(true));
    draw(<ConflictPage id="c1" field="amount_fen" />);
    await userEvent.click(await screen.findByRole("button", { name: "写另一个" }));
    await userEvent.type(await screen.findByRole("textbox"), "14,000.29{Enter}");
    await waitFor(() => expect(station.of("POST /cases/c1/settle")[0]?.body).toMatchObject({ value: 1_400_029 }));
  });
  it("gives no buttons to whoever may not decide, and says who may", async () => {
    fakeStation(answers(false));
    draw(<ConflictPage id="c1" field="amount_fen" />);
    expect(await screen.findByText(/这一处您不能定，要由承办单位或者其指导站/)).toBeVisible();
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("a field that was begun days ago", () => {
  it("is saved upon what the person saw then, not upon what came meanwhile", async () => {
    const name = "case.c1.place";
    const value = { typed: ["老井旁"], heads: ["then"], before: ["村口"] };
    const station = fakeStation({
      "GET /drafts": () => [{ name, saved_at: saved().saved_at }],
      [`GET /drafts/${name}`]: () => ({ ...saved(), value }),
      [`DELETE /drafts/${name}`]: () => null,
      "PATCH /cases/c1": () => ({ id: "c1", heads: ["later"] }),
    });
    const state = { mediation: "mediating", performance: "none", confirmation: "none", referral: "none" };
    const view = { id: "c1", state, unit: "u", unit_name: "u", access: "full" as const, place: "三组", parties: [], events: [], conflicts: [], heads: ["now"], updated_at: "" };
    draw(<Editable view={view} field="place" />);
    expect(await screen.findByRole("textbox")).toHaveValue("老井旁");
    await userEvent.click(screen.getByRole("button", { name: "保存" }));
    await waitFor(() => expect(station.of("PATCH /cases/c1")[0]?.body).toEqual({ base: ["then"], fields: { place: "老井旁" } }));
    await waitFor(() => expect(station.of(`DELETE /drafts/${name}`)).toHaveLength(1));
  });
});
