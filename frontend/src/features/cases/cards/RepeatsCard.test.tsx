import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Repeat, RepeatList } from "../../../api/types";
import { axeFindings } from "../../../test/axe";
import { draw } from "../../../test/render";
import { fakeStation } from "../../../test/station";
import { RepeatsCard } from "./RepeatsCard";

afterEach(() => {
  vi.unstubAllGlobals();
});

const seen: Repeat = {
  case: "aaaaaaaa11", like: "dispute", ground: "same_number", ground_label: { zh: "证件号码相同", en: "same id number" }, people: 2, unit: "u1", unit_name: "东坡村调委会",
  category: "02", received_on: "2025-03-09", state: { mediation: "mediating", performance: "none", confirmation: "none", referral: "none" }, title: "墙界纠纷", names: ["李大样", "王小例"],
};
const figures: Repeat = {
  ...seen, case: "bbbbbbbb22", like: "person", ground: "mark", ground_label: { zh: "证件比对一致（不显示身份）", en: "id marks agree (nobody is named)" }, people: 1,
  unit_name: "河湾村调委会", received_on: "2026-02", title: undefined, names: undefined,
};

function answer(list: RepeatList) {
  return fakeStation({ "GET /cases/c1/repeats": () => list });
}

describe("cases that look like the same dispute", () => {
  it("say who is the same, where and on what ground, and lead there", async () => {
    answer({ days: 0, items: [seen, figures] });
    const { container } = draw(<RepeatsCard id="c1" />);
    expect(await screen.findByRole("heading", { name: "可能是重复纠纷" })).toBeVisible();
    const [first, second] = screen.getAllByRole("listitem");
    expect(within(first!).getByRole("link", { name: "墙界纠纷" })).toHaveAttribute("href", expect.stringContaining("aaaaaaaa11"));
    expect(first).toHaveTextContent("当事人、类别都相同");
    expect(first).toHaveTextContent("东坡村调委会，2025年3月9日收到 · 调解中 · 证件号码相同");
    expect(first).toHaveTextContent("相同的人：李大样、王小例");
    expect(second).toHaveTextContent("有 1 人相同");
    expect(second).toHaveTextContent("河湾村调委会，2026年2月收到");
    expect(second).toHaveTextContent("只有统计信息");
    expect(second).not.toHaveTextContent("相同的人");
    expect(screen.getByText(/由您判断/)).toBeVisible();
    expect(screen.queryByText(/天内收到/)).toBeNull();
    expect(await axeFindings(container)).toEqual([]);
  });
  it("say it in English", async () => {
    answer({ days: 365, more: true, items: [seen, figures] });
    draw(<RepeatsCard id="c1" />, "en");
    expect(await screen.findByRole("heading", { name: "This may have come before" })).toBeVisible();
    const [first, second] = screen.getAllByRole("listitem");
    expect(first).toHaveTextContent("Same people, same kind");
    expect(second).toHaveTextContent("1 person is the same");
    expect(second).toHaveTextContent("nobody is named");
    expect(screen.getByText("Only cases that came in within 365 days of this one are compared.")).toBeVisible();
    expect(screen.getByText("There may be more than were compared.")).toBeVisible();
  });
  it("show the first few until all are asked for", async () => {
    answer({ days: 0, items: Array.from({ length: 7 }, (_, n) => ({ ...seen, case: `case-${n}` })) });
    draw(<RepeatsCard id="c1" />);
    await userEvent.click(await screen.findByRole("button", { name: "全部 7 件" }));
    expect(screen.getAllByRole("listitem")).toHaveLength(7);
    expect(screen.queryByRole("button")).toBeNull();
  });
  it("are no card where there are none", async () => {
    const station = answer({ days: 0, items: [] });
    draw(<RepeatsCard id="c1" />);
    await waitFor(() => expect(station.of("GET /cases/c1/repeats")).toHaveLength(1));
    expect(screen.queryByRole("heading")).toBeNull();
  });
});
