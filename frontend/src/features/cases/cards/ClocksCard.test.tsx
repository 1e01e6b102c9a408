// What a clock assumed is said in words, in both languages.
import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { CaseView } from "../../../api/types";
import { draw } from "../../../test/render";
import { ClocksCard } from "./ClocksCard";

const view = {
  clocks: [{
    clock: "limitation", label: { zh: "诉讼时效", en: "Limitation" }, actor: "parties", state: "running", started_on: "2026-01-01", due_on: "2029-01-02", days_left: 900, days_over: 0,
    article: { zh: "民法典第188条", en: "Civil Code art. 188" },
    warnings: [{ code: "year_unknown", texts: { zh: "2029年的节假日还没有公布", en: "The holidays of 2029 are not published yet" } }],
  }],
} as unknown as CaseView;

it.each([["zh-CN", "2029年的节假日还没有公布"], ["en", "The holidays of 2029 are not published yet"]] as const)("says what a clock warns of, in %s", (language, words) => {
  draw(<ClocksCard view={view} />, language);
  expect(screen.getByText(words)).toBeVisible();
});
