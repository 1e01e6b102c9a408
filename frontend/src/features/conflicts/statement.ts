// A statement as words: a field's value, or the step that somebody took.
import type { Conflict } from "../../api/types";

import { compare, type Piece } from "../../lib/diff";

type Show = (field: string, value: unknown) => string;
type Said = (step: string, field: string, value: unknown) => string;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Ids of events, parties and units: the program's names, which say nothing to people.
const ID = /^([0-9a-f]{32}-\d+|[0-9a-f]{64})$/;

// What is asked first stands first; the rest follows as it came.
const FIRST = ["at", "who", "what", "amount_fen", "to", "due", "form", "reason"];

/** A value without ids and without what was not said; undefined where nothing is left. */
function readable(value: unknown): unknown {
  if (value === null || value === "" || (typeof value === "string" && ID.test(value))) return undefined;
  if (Array.isArray(value)) {
    const left = value.map(readable).filter((one) => one !== undefined);
    return left.length > 0 ? left : undefined;
  }
  if (!isObject(value)) return value;
  const left = entriesOf(value);
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

function entriesOf(fields: Record<string, unknown>): [string, unknown][] {
  const place = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return Object.entries(fields)
    .map(([name, part]): [string, unknown] => [name, readable(part)])
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => place(a) - place(b));
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
  const told = entriesOf(step.fields)
    .map(([name, part]) => (said ? said(step.step, name, part) : show(`steps.${name}`, part)));
  return [stepWord(step.step), ...told].join(" · ");
}

/** What is sent to say that this statement stands: of a step its event, of a field its value. */
export function settledBy(conflict: Pick<Conflict, "kind">, value: unknown): unknown {
  const step = stepOf(value);
  return conflict.kind === "step" && step?.id !== undefined ? step.id : value;
}

/** Where texts differ: of two each is marked against the other; of more against the first. */
export function marks(texts: readonly string[]): Piece[][] {
  const [first = "", ...others] = texts;
  return texts.map((text, at) => {
    const against = at === 0 ? (others.find((other) => other !== first) ?? first) : first;
    return at === 0 ? compare(text, against)[0] : compare(against, text)[1];
  });
}

/** Whether a person may decide: with one of the roles, at one of the units. */
export function mayDecide(conflict: Pick<Conflict, "decider">, person: { roles: readonly string[]; unit: string }): boolean {
  return conflict.decider.includes(person.unit) && person.roles.some((role) => conflict.decider.includes(role));
}
