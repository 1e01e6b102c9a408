import type { Reason } from "../api/types";
import { useProblemText } from "./problem";
import { Notice } from "./ui/Notice";

/** The cases that could not be read while all others were: each is named. */
export function LeftOut({ cases }: { cases: readonly Reason[] | undefined }) {
  const said = useProblemText();
  if (!cases || cases.length === 0) return null;
  return (
    <Notice tone="bad">
      {cases.map((one) => (
        <p key={one.params?.["case"] ?? one.detail}>{said(one)}</p>
      ))}
    </Notice>
  );
}
