// What is late stands beside the state of this computer: who, why, what of it, and
// one press for whoever may take it in; a sentence for whoever may not.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { draw } from "../../test/render";
import { fakeStation } from "../../test/station";
import { LateSection } from "./LateSection";

afterEach(() => vi.unstubAllGlobals());

const by = { seat: "a1", seat_name: "李示例", unit: "b1", unit_name: "样湖村人民调解委员会", written: "2026-03-01T08:00:00+08:00" };
const item = (id: string, more: object) => ({
  id, record: "r1", kind: "case", case: "c1", title: "李示田与王例水排水沟纠纷", by, changes: 2,
  why: { code: "too_dear", detail: "", texts: { zh: "太重", en: "too dear" } }, adopts: true,
  what: [{ ...by, id, kind: "set", field: "place", to: "样湖村老井旁" }], ...more,
});

it.each([
  ["zh-CN", "等负责人处理的改动", "纳入：李示田与王例水排水沟纠纷", "太重"],
  ["en", "Changes that wait for a director", "Take in: 李示田与王例水排水沟纠纷", "too dear"],
] as const)("is taken in by one press, in %s", async (language, title, press, why) => {
  let items = [item("o1", {}), item("o2", { adopts: false, what: undefined, title: "另一件", why_not: { code: "step_adopt_who", detail: "", texts: { zh: "要由负责人纳入", en: "a director takes it in" } } })];
  const adopt = vi.fn(() => {
    items = items.slice(1);
    return { adopted: 1 };
  });
  fakeStation({ "GET /late": () => ({ items }), "POST /late/o1/adopt": adopt });
  draw(<LateSection />, language);
  expect(await screen.findByText(title)).toBeVisible();
  await userEvent.click(screen.getByText(language === "en" ? "See the first 1" : "看前 1 处"));
  expect(screen.getByText("样湖村老井旁")).toBeVisible();
  expect(screen.getAllByText(why)).toHaveLength(2);
  expect(screen.getByText(language === "en" ? "a director takes it in" : "要由负责人纳入")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: press }));
  expect(adopt).toHaveBeenCalledOnce();
  await waitFor(() => expect(screen.queryByRole("button", { name: press })).toBeNull());
});
