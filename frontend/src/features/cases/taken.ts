// Steps that were taken, read by their fields. A field that a newer program
// wrote otherwise reads as nothing.
import type { CaseView, StepTaken } from "../../api/types";

export type Taken = StepTaken;

/** The steps of a name that count, in their order. */
export const standing = (view: CaseView, step: string): Taken[] => view.events.filter((event) => event.step === step && (event.standing ?? "stands") === "stands");

export function textIn(event: Taken, field: string): string {
  const value = event.fields?.[field];
  return typeof value === "string" ? value : "";
}

export function namesIn(event: Taken, field: string): string[] {
  const value = event.fields?.[field];
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

/** The day that a person gave, or on which it was written. */
export const dayOf = (event: Taken): string => (event.at ?? event.written ?? "").slice(0, 10);
