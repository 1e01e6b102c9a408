// A step that stands against another is told without the program's own names.
import { expect, it } from "vitest";
import { statementText } from "./statement";

const shown = (_: string, value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

it("leaves out ids and what was not said, the day first", () => {
  const value = {
    step: "in_force",
    id: "2daaa3e78962121f616ed0e0542c42e7-0",
    agreement: "179fca058ad3edad3cd9c98d326160a6-0",
    form: "written",
    at: "2026-11-26",
    signed: [{ by: ["周例西"], parties: ["ec1d820069bef71777be2c86cd8ccce0-8"] }],
    to: "9ebf3c19b40ad45bfc2627a16659d7918ac53d4184574d95b9785d1cee37c996",
    note: "",
    terms: [{ due: "2026-12-20", what: "改装雨水管", who: "周例西" }],
  };
  expect(statementText({ field: "lifecycle.mediation", kind: "step" }, value, shown, () => "协议生效")).toBe(
    '协议生效 · 2026-11-26 · written · [{"by":["周例西"]}] · [{"who":"周例西","what":"改装雨水管","due":"2026-12-20"}]',
  );
});
