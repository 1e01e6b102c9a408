// What a court reads of a case that it does not hold.
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { CaseView } from "../../api/types";
import { axeFindings } from "../../test/axe";
import { draw } from "../../test/render";
import { DigestCard } from "./DigestCard";

const view = {
  id: "c1", state: { mediation: "effective", performance: "performing", confirmation: "none", referral: "none" },
  digest: {
    month_received: "2026-03", amount_band: "1-10000", form: "written", effective_on: "2026-03-17", agreed_fen: 123_400, due_on: ["2026-03-20"],
    mediators: ["ZM-0042"], organisation_kinds: { enterprise: 2 }, helpers: { neighbour: 1 }, counts: { parties: 3, mediators: 2 },
  },
} as unknown as CaseView;

it.each([
  ["zh-CN", ["书面", "1,234 元", "ZM-0042", "企业2", "邻里1"]],
  ["en", ["Written", "1,234 yuan", "ZM-0042", "Enterprise 2", "Neighbour 1"]],
] as const)("the figures of a digest stand in %s", async (language, texts) => {
  const { container } = draw(<DigestCard view={view} />, language);
  for (const text of texts) expect(screen.getByRole("cell", { name: text })).toBeVisible();
  expect(await axeFindings(container)).toEqual([]);
});
