// The words of a step's choices (grounds, reasons, forms), also of steps that
// nobody can take now.
import { useCallback } from "react";
import { useStepWord } from "./codes";
import { useValues } from "./values";

/** Says a field of a step that was taken, choices by their words. */
export function useStepValues(): (step: string, field: string, value: unknown) => string {
  const word = useStepWord();
  const { show } = useValues();
  return useCallback(
    (step, field, value) => (typeof value === "string" ? word(step, field, value) : undefined) ?? show(`steps.${field}`, value),
    [word, show],
  );
}
