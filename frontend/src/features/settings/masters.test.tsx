// Who guides and who supervises a unit, where it is admitted and afterwards.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { EnrolmentPreview, Unit } from "../../api/types";
import { axeFindings } from "../../test/axe";
import { draw } from "../../test/render";
import { fakeStation, Refused } from "../../test/station";
import { EnrolSection } from "./EnrolSection";

vi.mock("../../api/desktop/native", async (original) => ({ ...(await original<object>()), openFile: async () => ({ name: "r", data: "cmVxdWVzdA==" }) }));

afterEach(() => {
  vi.unstubAllGlobals();
});

const COURT: Unit = { unit: "u-fy", code: "990101000000-fy", name: "示范县人民法院", body: "fy" };
const BUREAU: Unit = { unit: "u-sfj", code: "990101000000-sfj", name: "示范县司法局", body: "sfj" };
const TOWN: Unit = { unit: "u-zz", code: "990101101000-zz", name: "示范镇综治中心", body: "zz", own: true, court: "u-fy" };
const VILLAGE: Unit = { unit: "u-tw", code: "990101101201-tw", name: "示范村调解委员会", body: "tw", parent: "u-zz", court: "u-fy" };

const asking = (unit_code = "990101101202-tw"): EnrolmentPreview => ({
  kind: "unit", unit: "u-new", unit_code, unit_name: "样例村调解委员会", seat_name: "孙样安", roles: ["mediator"], words: ["一", "二", "三", "四", "五", "六"], taken: false,
});
const named = (name: string) => ({ unit: name, name, words: ["一", "二", "三", "四", "五", "六"] });
const answers = (units: Unit[], preview = asking()) => ({
  "GET /units": () => units,
  "POST /enrol/preview": () => preview,
  "POST /enrol": () => ({ unit: "u-new", seat: "s", issuer: "u-zz", file: { name: "证书.hejie", media_type: "x", data: "" }, root: named("示范县司法局"), parent: named("示范镇综治中心") }),
  "POST /units/relate": () => ({ unit: "u-tw", waiting: 3 }),
});

const choose = () => screen.findByRole("button", { name: "选择申请文件" }).then((button) => userEvent.click(button));

/** Opens a list from the keyboard and takes its nth row. */
async function take(label: RegExp, nth: number) {
  screen.getByRole("button", { name: label }).focus();
  await userEvent.keyboard("{Enter}");
  await screen.findByRole("listbox");
  await userEvent.keyboard(`{Home}${"{ArrowDown}".repeat(nth)}{Enter}`);
  await waitFor(() => expect(screen.queryByRole("listbox")).toBeNull());
}

describe("admitting a unit", () => {
  it("begins with the admitting unit's court and bureau, and takes others from the keyboard", async () => {
    const station = fakeStation(answers([COURT, BUREAU, TOWN]));
    const { container } = draw(<EnrolSection />);
    await choose();
    expect(await screen.findByRole("button", { name: /与本单位相同（示范县人民法院）.*业务指导的法院/ })).toBeVisible();
    expect(screen.getByRole("button", { name: /暂不指定.*主管的司法局/ })).toBeVisible();
    expect(await axeFindings(container)).toEqual([]);
    await take(/主管的司法局/, 1);
    await userEvent.click(screen.getByText("六个词完全一样"));
    await userEvent.click(screen.getByRole("button", { name: "接纳，生成证书" }));
    await waitFor(() => expect(station.of("POST /enrol")[0]?.body).toEqual({ request: "cmVxdWVzdA==", bureau: "u-sfj" }));
  });
  it("asks nothing of a court, nor where none is known", async () => {
    fakeStation(answers([COURT, BUREAU, TOWN], asking("990101101000-ft")));
    const { unmount } = draw(<EnrolSection />);
    await choose();
    await screen.findByText("六个词完全一样");
    expect(screen.queryByText("业务指导的法院")).toBeNull();
    unmount();
    fakeStation(answers([{ ...TOWN, court: "" }]));
    draw(<EnrolSection />, "en");
    await userEvent.click(await screen.findByRole("button", { name: "Choose the request file" }));
    await screen.findByText("The six words are the same");
    expect(screen.queryByText("Court that guides it")).toBeNull();
  });
});

describe("a unit that is there already", () => {
  it("gets another bureau, and the page says how many cases wait", async () => {
    const station = fakeStation(answers([COURT, BUREAU, TOWN, VILLAGE]));
    const { container } = draw(<EnrolSection />);
    await screen.findByText("已接纳单位的法院和司法局");
    expect(screen.getByRole("button", { name: "写入日志" })).toBeDisabled();
    await take(/哪个单位/, 1);
    expect(screen.getByRole("button", { name: /不改（示范县人民法院）/ })).toBeVisible();
    await take(/主管的司法局/, 1);
    await userEvent.click(screen.getByRole("button", { name: "写入日志" }));
    expect(await screen.findByText(/已写入示范村调解委员会的日志.*本机有该单位 3 件案件/)).toBeVisible();
    expect(station.of("POST /units/relate")[0]?.body).toEqual({ unit: "u-tw", bureau: "u-sfj" });
    expect(await axeFindings(container)).toEqual([]);
  });
  it("says why not, and that nothing was changed", async () => {
    fakeStation({ ...answers([COURT, BUREAU, TOWN, VILLAGE]), "POST /units/relate": () => new Refused(403, { code: "not_allowed", detail: "no" }) });
    draw(<EnrolSection />);
    await screen.findByText("已接纳单位的法院和司法局");
    await take(/哪个单位/, 1);
    await take(/主管的司法局/, 1);
    await userEvent.click(screen.getByRole("button", { name: "写入日志" }));
    expect(await screen.findByText(/没有写入，什么都没有改变/)).toBeVisible();
  });
});
