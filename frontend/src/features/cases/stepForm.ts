// A step's fields as they are typed, whatever the step: the station says which
// fields there are, this turns what was typed into what it takes.
import type { FieldSpec } from "../../api/types";
import { dayWrong, timeWrong } from "../../components/ui/DayBox";
import { moneyWrong } from "../../components/ui/MoneyBox";
import { atBeijing, readDay, readTime, type Day } from "../../lib/days";
import type { Key } from "../../lib/messages";
import { readMoney } from "../../lib/money";

/** A text, several names, or the items of a list. */
export type Entry = string | string[] | StepForm[];
export type StepForm = Record<string, Entry>;

export const textOf = (entry: Entry | undefined): string => (typeof entry === "string" ? entry : "");
export const namesOf = (entry: Entry | undefined): string[] =>
  Array.isArray(entry) ? entry.filter((one): one is string => typeof one === "string") : [];
export const itemsOf = (entry: Entry | undefined): StepForm[] =>
  Array.isArray(entry) ? entry.filter((one): one is StepForm => typeof one === "object") : [];
export const timeField = (name: string) => `${name} time`;

export function readStepForm(kept: unknown): StepForm | null {
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return null;
  const form: StepForm = {};
  for (const [name, value] of Object.entries(kept)) {
    if (typeof value === "string") form[name] = value;
    else if (Array.isArray(value) && value.every((one) => typeof one === "string")) form[name] = value;
    else if (Array.isArray(value)) form[name] = value.map(readStepForm).filter((one): one is StepForm => one !== null);
  }
  return form;
}

// Names come one a line or between commas, Chinese ones too.
export function splitNames(text: string): string[] {
  return text.split(/[\n,，、;；]+/).map((name) => name.trim()).filter((name) => name !== "");
}

// Days of what was promised lie ahead, days of what was done lie behind.
export const leaningOf = (name: string) => (name === "due" ? "future" : "past");

const pathOf = (before: string, name: string) => (before ? `${before}.${name}` : name);

/** What is wrong, by path (terms.0.what); empty where the step can be taken. */
export function stepWrong(specs: readonly FieldSpec[], form: StepForm, today: Day, before = ""): Record<string, Key> {
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
      case "list": {
        const items = itemsOf(form[spec.name]);
        if (spec.required && items.length === 0) key = "wrong.required";
        items.forEach((item, at) => Object.assign(wrong, stepWrong(spec.items ?? [], item, today, `${path}.${at}`)));
        break;
      }
      case "bool":
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

function valueOf(spec: FieldSpec, form: StepForm, today: Day): unknown {
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
    case "list":
      return itemsOf(form[spec.name]).map((item) => stepFields(spec.items ?? [], item, today));
    case "bool":
      return text === "yes" ? true : undefined;
    case "whole":
    case "term":
      return /^\d+$/.test(text) ? Number(text) : text || undefined;
    default:
      return text === "" ? undefined : text;
  }
}

/** The fields as the station takes them; what is empty is left out. */
export function stepFields(specs: readonly FieldSpec[], form: StepForm, today: Day): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const spec of specs) {
    const value = valueOf(spec, form, today);
    if (value !== undefined) fields[spec.name] = value;
  }
  return fields;
}

/** An empty form; what is almost always so is there already. */
export function startForm(specs: readonly FieldSpec[], today: Day, time: string, person: string): StepForm {
  const form: StepForm = {};
  for (const spec of specs) {
    if (spec.name === "at" && (spec.kind === "date" || spec.kind === "datetime")) {
      form["at"] = today;
      if (spec.kind === "datetime") form[timeField("at")] = time;
    } else if (spec.kind === "list" && spec.required) form[spec.name] = [{}];
    else if (spec.kind === "choice" && spec.required && spec.choices?.length === 1) form[spec.name] = spec.choices[0]?.code ?? "";
    else if (spec.name === "mediators" && spec.kind === "names" && !spec.choices?.length) form[spec.name] = person;
  }
  return form;
}
