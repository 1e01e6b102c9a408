// The words of codes that stand in steps (kinds of letters, grounds, levels of
// risk) come with the steps of a case, whether they can be taken or not.
import { useCallback } from "react";
import { useSteps } from "../../api/cases";
import { useText } from "../text";

/** Says a code of a step's field; the code itself where no step knows it. */
export function useStepWords(id: string | undefined): (step: string, field: string, code: string) => string {
  const steps = useSteps(id ?? "", id !== undefined && id !== "");
  const { pick } = useText();
  return useCallback(
    (step, field, code) => {
      const spec = steps.data?.find((one) => one.step === step)?.fields.find((one) => one.name === field);
      const choice = spec?.choices?.find((one) => one.code === code);
      return choice ? pick(choice) : code;
    },
    [steps.data, pick],
  );
}
