// The words of a step's choices (grounds, reasons, forms), also of steps that
// nobody can take now.
import { useCallback } from "react";
import { useStepWord } from "./codes";
import { useText } from "./text";
import { useValues } from "./values";

/** Says a field of a step that was taken, choices by their words. */
export function useStepValues(): (step: string, field: string, value: unknown) => string {
  const word = useStepWord();
  const { show } = useValues();
  const { t, list } = useText();
  return useCallback(
    (step, field, value) => field === "signed" ? t("agreement.signed", { names: list(signersOf(value)) }) : (typeof value === "string" ? word(step, field, value) : undefined) ?? show(`steps.${field}`, value),
    [word, show, t, list],
  );
}

/** The names in the rows of signatures of an agreement that was entered, each once. */
function signersOf(rows: unknown): string[] {
  if (!Array.isArray(rows)) return [];
  const names = rows.flatMap((row: unknown): unknown[] => {
    const by = typeof row === "object" && row !== null ? (row as Record<string, unknown>)["by"] : undefined;
    return Array.isArray(by) ? by : [];
  });
  return [...new Set(names.filter((name) => typeof name === "string"))];
}
