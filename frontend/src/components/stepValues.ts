// The words of a step's choices (grounds, reasons, forms) come with the steps.
import { useCallback } from "react";
import { useSteps } from "../api/cases";
import type { FieldSpec } from "../api/types";
import { useText } from "./text";
import { useValues } from "./values";

function specOf(fields: readonly FieldSpec[], name: string): FieldSpec | undefined {
  return fields.find((field) => field.name === name);
}

/**
 * Says a field of a step that was taken in the case, choices by their words.
 * Of a case of which only figures are here there are no steps to ask for.
 */
export function useStepValues(id: string, whole = true): (step: string, field: string, value: unknown) => string {
  const steps = useSteps(id, whole);
  const { pick } = useText();
  const { show } = useValues();
  return useCallback(
    (step, field, value) => {
      const spec = specOf(steps.data?.find((one) => one.step === step)?.fields ?? [], field);
      const choice = spec?.choices?.find((one) => one.code === value);
      return choice ? pick(choice) : show(`steps.${field}`, value);
    },
    [steps.data, pick, show],
  );
}
