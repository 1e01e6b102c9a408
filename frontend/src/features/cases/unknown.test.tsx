// What a newer program wrote is shown with its place, value, bytes and author.
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { UnknownChange } from "../../api/types";
import { axeFindings } from "../../test/axe";
import { draw } from "../../test/render";
import { UnknownCard } from "./UnknownCard";

const changes: UnknownChange[] = [
  { id: "a-0", path: "category", why: "value", raw: "a30101", value: "99", seat: "s9", seat_name: "周例计", unit: "u9", unit_name: "样例镇司法所" },
  { id: "b-1", path: "", why: "newer", raw: "", seat: "s9", seat_name: "周例计", unit: "u9", unit_name: "样例镇司法所" },
];

it.each([
  ["zh-CN", ["只读", "类别", "写入的值：其他纠纷", "原始内容（3 字节）", "整件案件", "较新版本的程序写入的"]],
  ["en", ["Read only", "Category", "It says: Others", "Its bytes (3)", "the whole case", "written by a newer program"]],
] as const)("says where, what and who, in %s", async (language, texts) => {
  const { container } = draw(<UnknownCard changes={changes} />, language);
  for (const text of texts) expect(screen.getByText(text)).toBeVisible();
  expect(screen.getAllByText(/周例计/)).toHaveLength(changes.length);
  expect(screen.getByText("a30101")).toBeInTheDocument();
  expect(await axeFindings(container)).toEqual([]);
});

it("is not there where everything is understood", () => {
  const { container } = draw(<UnknownCard changes={[]} />);
  expect(container.querySelector("section")).toBeNull();
});

it("shows of a long value what a glance takes, and all of it on demand", () => {
  const value = "河湾村2组".repeat(200);
  draw(<UnknownCard changes={[{ id: "c-0", path: "place", why: "value", raw: "a1", value, seat: "s9", seat_name: "周例计", unit: "u9", unit_name: "样例镇司法所" }]} />);
  expect(screen.getByText(/^写入的值：/).textContent.length).toBeLessThan(140);
  expect(screen.getByText("看全文")).toBeVisible();
  expect(screen.getByText(value)).toBeInTheDocument();
});
