// An entry of the register as it is typed, and what a save changes.
import type { FieldSpec, SpecForm } from "../../components/specs/specForm";

export type Entry = { id: string; name: string } & Record<string, unknown>;

/** The form of an entry as it stands. */
export function entryForm(specs: readonly FieldSpec[], entry: Readonly<Record<string, unknown>>): SpecForm {
  const form: SpecForm = {};
  for (const spec of specs) {
    const value = entry[spec.name];
    if (value === undefined || value === null) continue;
    if (typeof value === "boolean") form[spec.name] = value ? "yes" : "";
    else if (typeof value === "number") form[spec.name] = value === 0 ? "" : String(value);
    else if (typeof value === "string") form[spec.name] = value;
    // Names are typed as one line.
    else if (Array.isArray(value) && spec.kind === "names") form[spec.name] = value.join("、");
    else if (Array.isArray(value) && spec.items) form[spec.name] = value.map((item) => entryForm(spec.items ?? [], item as Record<string, unknown>));
  }
  return form;
}

/** The fields to send: those that were typed, and null for what was there and was taken out. */
export function cleared(specs: readonly FieldSpec[], entry: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = { ...fields };
  for (const spec of specs) {
    const before = entry[spec.name];
    const had = Array.isArray(before) ? before.length > 0 : before !== undefined && before !== null && before !== "" && before !== 0 && before !== false;
    if (!had || spec.name in fields) continue;
    out[spec.name] = spec.kind === "bool" ? false : spec.kind === "names" || spec.kind === "spans" ? [] : null;
  }
  return out;
}
