// What the parties let out of the notes is read where the case is read.
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { CaseView } from "../../../api/types";
import { axeFindings } from "../../../test/axe";
import { draw } from "../../../test/render";
import { GivenCard } from "./GivenCard";

const by = { track: "mediation", standing: "stands", seat: "s9", seat_name: "周例计", unit: "u9", unit_name: "样例镇综治中心" };
const events = [
  { ...by, id: "a-0", step: "undisputed", at: "2026-03-09", fields: { undisputed_facts: [{ fact: "借款五万元属实" }], confirmed_by: ["褚例文", "卫示武"] } },
  { ...by, id: "b-0", step: "give-minutes", at: "2026-03-10", fields: { purpose: "confirmation", text: "第一行\n第二行", by: ["褚例文", "卫示武"] } },
  { ...by, id: "c-0", step: "release", at: "2026-03-11", fields: { text: "愿意先还两万元", released_by: ["褚例文", "卫示武"] } },
  { ...by, id: "d-0", step: "release", at: "2026-03-12", standing: "aside", fields: { text: "没有算数的话", released_by: ["褚例文"] } },
];
const view = (list: readonly unknown[]) => ({ events: list }) as unknown as CaseView;

it.each([
  ["zh-CN", "确认人", "签名人", "同意公开的人", "褚例文、卫示武"],
  ["en", "Confirmed by", "Signed by", "Released by", "褚例文, 卫示武"],
] as const)("says what, and who stands behind it, in %s", async (language, confirmed, signed, released, names) => {
  const { container } = draw(<GivenCard view={view(events)} />, language);
  for (const text of ["借款五万元属实", "第二行", "愿意先还两万元", confirmed, signed, released]) expect(screen.getByText(text)).toBeVisible();
  expect(screen.getAllByText(names)).toHaveLength(3);
  expect(screen.queryByText("没有算数的话")).toBeNull();
  expect(await axeFindings(container)).toEqual([]);
});

it("is not there where nothing was let out", () => {
  const { container } = draw(<GivenCard view={view([])} />);
  expect(container.querySelector("section")).toBeNull();
});
