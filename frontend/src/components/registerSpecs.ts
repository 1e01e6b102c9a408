// The forms of leads, sweeps and a unit's register. Their codes and limits are
// the station's (casework, register); a test holds them to its tables.
import { both, type Key } from "../lib/messages";
import type { FieldSpec, Kind } from "./specs/specForm";

export const LISTS = {
  lead_source: ["grid", "sweep", "villager", "committee", "police", "hotline", "petition", "other"],
  risk_level: ["green", "yellow", "orange", "red"],
  member_role: ["director", "deputy", "member", "hired"],
  mediator_kind: ["full_time", "part_time"],
  mediator_grade: ["1", "2", "3", "4", "5", "chief"],
  sweep_kind: ["routine", "special", "report"],
  number_series: ["volume", "agreement", "oral", "letter", "refusal", "sweep"],
} as const;

export type ListName = keyof typeof LISTS;

/** The key of a code's words. */
export const codeKey = (list: ListName, code: string): Key => `code.${list}.${code}` as Key;

const field = (name: string, kind: Kind, more: Partial<FieldSpec> = {}): FieldSpec => ({ name, kind, required: false, label: both(`register.${name}` as Key), ...more });
const must = (spec: FieldSpec): FieldSpec => ({ ...spec, required: true });
const from = (name: string, list: ListName): FieldSpec =>
  field(name, "choice", { choices: LISTS[list].map((code) => ({ code, ...both(codeKey(list, code)) })) });
const labelled = (spec: FieldSpec, key: Key): FieldSpec => ({ ...spec, label: both(key) });

export const LEAD: readonly FieldSpec[] = [
  must(labelled(field("brief", "long_text", { max_length: 1000 }), "lead.brief")),
  labelled(field("place", "text", { max_length: 1000 }), "lead.place"),
  labelled(field("people", "names"), "lead.people"),
  must(labelled(from("found", "lead_source"), "lead.found")),
  must(labelled(from("level", "risk_level"), "lead.level")),
  labelled(field("finder", "text", { max_length: 1000 }), "lead.finder"),
  labelled(field("measures", "long_text", { max_length: 5000 }), "lead.measures"),
  must(labelled(field("at", "date"), "lead.at")),
];

export const SWEEP: readonly FieldSpec[] = [
  must(field("day", "date")),
  must(field("area", "text", { max_length: 300 })),
  must(from("kind", "sweep_kind")),
  must(field("who", "text", { max_length: 300 })),
  field("households", "whole"),
  must(field("found", "whole")),
  field("resolved", "whole"),
  field("note", "text", { max_length: 1000 }),
];

export const MEMBER: readonly FieldSpec[] = [
  must(field("name", "text", { max_length: 100 })),
  must(from("role", "member_role")),
  labelled(field("sex", "choice", { choices: ["male", "female"].map((code) => ({ code, ...both(`sex.${code}` as Key) })) }), "register.sex"),
  field("phone", "text", { max_length: 40 }),
  field("term_start", "date"),
  field("term_end", "date"),
];

export const MEDIATOR: readonly FieldSpec[] = [
  must(field("name", "text", { max_length: 100 })),
  must(from("kind", "mediator_kind")),
  from("grade", "mediator_grade"),
  field("contact", "text", { max_length: 300 }),
  field("languages", "names"),
  field("conflicts", "names"),
  field("leave", "spans", { items: [must(field("from", "date")), field("to", "date")] }),
  field("capacity", "whole"),
  field("court_roster", "bool"),
  field("active_from", "date"),
  field("active_to", "date"),
];

export const ROSTER: readonly FieldSpec[] = [
  must(field("name", "text", { max_length: 100 })),
  field("unit", "unit"),
  field("areas", "names"),
  field("languages", "names"),
  field("conflicts", "names"),
  field("contact", "text", { max_length: 300 }),
  field("capacity", "whole"),
  field("valid_from", "date"),
  field("valid_to", "date"),
];
