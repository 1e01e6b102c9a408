// A statement as words: a field's value, or the step that somebody took.
import type { Conflict } from "../../api/types";

type Show = (field: string, value: unknown) => string;
type Said = (step: string, field: string, value: unknown) => string;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The step that a statement of a contested course names. */
export function stepOf(value: unknown): { step: string; id: unknown; fields: Record<string, unknown> } | null {
  if (!isObject(value) || typeof value["step"] !== "string") return null;
  const { step, id, track: _track, fields, ...rest } = value;
  return { step, id, fields: isObject(fields) ? fields : rest };
}

export function statementText(conflict: Pick<Conflict, "field" | "kind">, value: unknown, show: Show, stepWord: (step: string) => string, said?: Said): string {
  const step = stepOf(value);
  if (!step) return show(conflict.field, value);
  const told = Object.entries(step.fields)
    .filter(([, part]) => part !== null && part !== undefined && part !== "")
    .map(([name, part]) => (said ? said(step.step, name, part) : show(`steps.${name}`, part)));
  return [stepWord(step.step), ...told].join(" · ");
}

/** What is sent to say that this statement stands: of a step its event, of a field its value. */
export function settledBy(conflict: Pick<Conflict, "kind">, value: unknown): unknown {
  const step = stepOf(value);
  return conflict.kind === "step" && step?.id !== undefined ? step.id : value;
}
