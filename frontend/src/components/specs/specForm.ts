// The fields of a form that is described by data (a step of the lifecycle, an
// entry of a register) as they are typed: the station says which fields there
// are, this turns what was typed into what it takes.
import type { FieldSpec as ApiSpec, Label } from "../../api/types";
import { dayWrong, timeWrong } from "../ui/DayBox";
import { moneyWrong } from "../ui/MoneyBox";
import { atBeijing, readDay, readTime, type Day, type Leaning } from "../../lib/days";
import { both, isKey, type Key } from "../../lib/messages";
import { readMoney } from "../../lib/money";

export type Kind = ApiSpec["kind"] | "choices" | "unit" | "hash" | "yes_no" | "spans";
/** A field as the station describes it; kinds that only its newer answers name included. */
export interface FieldSpec extends Omit<ApiSpec, "kind" | "items"> {
  kind: Kind;
  items?: FieldSpec[];
  /** Seldom needed: shown when asked for. */
  rare?: boolean;
}

/** A text, several names, or the items of a list. */
export type Entry = string | string[] | SpecForm[];
export type SpecForm = Record<string, Entry>;

export const textOf = (entry: Entry | undefined): string => (typeof entry === "string" ? entry : "");
export const namesOf = (entry: Entry | undefined): string[] =>
  Array.isArray(entry) ? entry.filter((one): one is string => typeof one === "string") : [];
export const itemsOf = (entry: Entry | undefined): SpecForm[] =>
  Array.isArray(entry) ? entry.filter((one): one is SpecForm => typeof one === "object") : [];
export const timeField = (name: string) => `${name} time`;

export function readSpecForm(kept: unknown): SpecForm | null {
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return null;
  const form: SpecForm = {};
  for (const [name, value] of Object.entries(kept)) {
    if (typeof value === "string") form[name] = value;
    else if (Array.isArray(value) && value.every((one) => typeof one === "string")) form[name] = value;
    else if (Array.isArray(value)) form[name] = value.map(readSpecForm).filter((one): one is SpecForm => one !== null);
  }
  return form;
}

// Names come one a line or between commas, Chinese ones too.
export function splitNames(text: string): string[] {
  return text.split(/[\n,，、;；]+/).map((name) => name.trim()).filter((name) => name !== "");
}

// Days of what was promised lie ahead, days of what was done lie behind; a
// term of office or a leave lies on either side.
const AHEAD = ["due", "until", "next_at", "meet_at"];
const EITHER = ["from", "to", "term_start", "term_end", "active_from", "active_to", "valid_from", "valid_to"];
export const leaningOf = (name: string): Leaning => (AHEAD.includes(name) ? "future" : EITHER.includes(name) ? "near" : "past");

// Of these the hour matters too, and may be left open.
const TIMED = ["next_at", "meet_at"];

/** Letters: where there is one it is the one that is meant. */
export const ONE_MEANT: readonly string[] = ["referral", "draft", "agreement"];

// Seldom needed fields by step, and by list: a number is given by the desk's
// series, most promises need no more than who, what, how much and until when.
const RARE: Readonly<Record<string, readonly string[]>> = {
  accept: ["known", "number", "series", "year", "n"],
  assign: ["handover", "instead_of"],
  docket: ["procedure"],
  number: ["series", "year", "n"],
  agree: ["facts", "clauses", "acceleration", "interest_bp", "copies"],
  terms: ["kind", "to", "how"],
  materials: ["copies", "copy", "sha256", "folder"],
  refer: ["court_no", "contact", "procedure", "online", "place", "meet_at"],
  "refer-draft": ["court_no", "contact", "procedure", "online", "place", "meet_at"],
  "refer-report": ["focus", "conduct", "simple", "hints", "sham", "letter_no"],
  "follow-up": ["by", "hidden_danger", "measures"],
  sign: ["how", "reading", "reader"],
};

// Asked by every step, and seldom.
const ALWAYS_RARE: readonly string[] = ["recorded_for"];

// One name serves many steps at the station; here each step has its own words
// for what it asks (what is to be supplied, what was found out, …).
function labelOf(owner: string, spec: FieldSpec): Label {
  const key = `field.${owner}.${spec.name}`;
  return isKey(key) ? both(key) : spec.label;
}

/** The fields of a step as the page draws them. */
export function drawn(step: string, specs: readonly FieldSpec[], owner = step): FieldSpec[] {
  // Without a draft to choose the letter itself must say what it is and to whom.
  const whole = owner === "refer" && specs.some((spec) => spec.name === "draft" && !spec.choices?.length);
  return specs.filter((spec) => !(whole && spec.name === "draft")).map((given) => {
    const spec = { ...given, label: labelOf(owner, given), required: given.required || (whole && (given.name === "kind" || given.name === "to")), rare: !given.required && (ALWAYS_RARE.includes(given.name) || (RARE[owner] ?? []).includes(given.name)) };
    if (spec.kind === "date" && (TIMED.includes(spec.name) || (step === "start-session" && spec.name === "at"))) return { ...spec, kind: "datetime" };
    if (spec.kind === "text" && spec.name === "sha256") return { ...spec, kind: "hash" };
    // A question that must be answered has two answers, not a tick.
    if (spec.kind === "bool" && spec.required) return { ...spec, kind: "yes_no" };
    return spec.items ? { ...spec, items: drawn(step, spec.items, spec.name) } : spec;
  });
}

/** Nothing was typed in a row. */
export const isEmpty = (form: SpecForm): boolean => Object.values(form).every((entry) => (Array.isArray(entry) ? entry.length === 0 : entry.trim() === ""));

const pathOf = (before: string, name: string) => (before ? `${before}.${name}` : name);

/** What is wrong, by path (terms.0.what); empty where the step can be taken. */
export function specWrong(specs: readonly FieldSpec[], form: SpecForm, today: Day, before = ""): Record<string, Key> {
  const wrong: Record<string, Key> = {};
  for (const spec of specs) {
    const path = pathOf(before, spec.name);
    const text = textOf(form[spec.name]);
    let key: Key | null = null;
    switch (spec.kind) {
      case "date":
        key = dayWrong(text, today, leaningOf(spec.name), spec.required);
        break;
      case "datetime":
        key = dayWrong(text, today, leaningOf(spec.name), spec.required) ?? timeWrong(textOf(form[timeField(spec.name)]), false);
        break;
      case "money":
        key = moneyWrong(text, spec.required);
        break;
      case "names":
        if (spec.required && namesOf(form[spec.name]).length + splitNames(text).length === 0) key = "wrong.required";
        break;
      case "spans":
      case "list": {
        const items = itemsOf(form[spec.name]);
        if (spec.required && items.every(isEmpty)) key = items.length === 0 ? "wrong.required" : null;
        items.forEach((item, at) => (isEmpty(item) && !(spec.required && at === 0) ? null : Object.assign(wrong, specWrong(spec.items ?? [], item, today, `${path}.${at}`))));
        break;
      }
      case "bool":
        break;
      case "choices":
        if (spec.required && namesOf(form[spec.name]).length === 0) key = "wrong.required";
        break;
      case "hash":
        if (text.trim() !== "" && !/^[0-9a-fA-F]{64}$/.test(text.trim())) key = "wrong.hash";
        break;
      case "whole":
        if (text.trim() === "") key = spec.required ? "wrong.required" : null;
        else if (!/^\d{1,9}$/.test(text.trim())) key = "wrong.whole";
        break;
      default:
        if (spec.required && text.trim() === "") key = "wrong.required";
        else if (spec.max_length && Array.from(text).length > spec.max_length) key = "wrong.long";
    }
    if (key) wrong[path] = key;
  }
  return wrong;
}

function valueOf(spec: FieldSpec, form: SpecForm, today: Day): unknown {
  const text = textOf(form[spec.name]).trim();
  switch (spec.kind) {
    case "date": {
      const read = readDay(text, today, leaningOf(spec.name));
      return read.ok ? read.day : undefined;
    }
    case "datetime": {
      const read = readDay(text, today, leaningOf(spec.name));
      const time = readTime(textOf(form[timeField(spec.name)]));
      return !read.ok ? undefined : time === null ? read.day : atBeijing(read.day, time);
    }
    case "money": {
      const read = readMoney(text);
      return read.ok ? read.fen : undefined;
    }
    case "names": {
      const names = [...namesOf(form[spec.name]), ...splitNames(text)];
      return names.length > 0 ? names : undefined;
    }
    case "list": {
      // A row that was added and left empty is no row.
      const rows = itemsOf(form[spec.name]).filter((item) => !isEmpty(item)).map((item) => specFields(spec.items ?? [], item, today));
      return rows.length > 0 || spec.required ? rows : undefined;
    }
    case "spans": {
      // A list of days without a name is nothing that the station takes.
      const spans = itemsOf(form[spec.name]).map((item) => specFields(spec.items ?? [], item, today));
      return spans.length > 0 ? spans : undefined;
    }
    case "choices": {
      const codes = namesOf(form[spec.name]);
      return codes.length > 0 ? codes : undefined;
    }
    case "bool":
      return text === "yes" ? true : undefined;
    case "yes_no":
      return text === "" ? undefined : text === "yes";
    case "whole":
    case "term":
      return /^\d+$/.test(text) ? Number(text) : text || undefined;
    default:
      return text === "" ? undefined : text;
  }
}

/** The fields as the station takes them; what is empty is left out. */
export function specFields(specs: readonly FieldSpec[], form: SpecForm, today: Day): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const spec of specs) {
    const value = valueOf(spec, form, today);
    if (value !== undefined) fields[spec.name] = value;
  }
  return fields;
}

/**
 * An empty form; what is almost always so is there already, and what the
 * address that led here says (a party's choice, the letter that is answered).
 */
export function startForm(specs: readonly FieldSpec[], today: Day, time: string, person: string, given: Readonly<Record<string, string>> = {}): SpecForm {
  const form: SpecForm = {};
  for (const spec of specs) {
    const said = given[spec.name];
    if (said !== undefined) form[spec.name] = said;
    else if (spec.name === "at" && (spec.kind === "date" || spec.kind === "datetime")) {
      form["at"] = today;
      if (spec.kind === "datetime") form[timeField("at")] = time;
    } else if (spec.kind === "list" && spec.required) form[spec.name] = [{}];
    // Where there is one letter it is the one that is meant, asked for or not.
    else if (spec.kind === "choice" && (spec.required || ONE_MEANT.includes(spec.name)) && spec.choices?.length === 1) form[spec.name] = spec.choices[0]?.code ?? "";
    else if (spec.name === "mediators" && spec.kind === "names" && !spec.choices?.length) form[spec.name] = person;
  }
  return form;
}

/** The path of a form for a path of the station: terms[0].what is terms.0.what. */
export const specPath = (field: string): string => field.replace(/\[(\d+)\]/g, ".$1");
