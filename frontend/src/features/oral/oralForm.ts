// An agreement on the spot as it is typed: what the law asks to be recorded and
// nothing else (人民调解法 art. 28).
import type { OralDocument } from "../../api/types";
import { dayWrong, timeWrong } from "../../components/ui/DayBox";
import { moneyWrong } from "../../components/ui/MoneyBox";
import { atBeijing, readDay, readTime, type Day } from "../../lib/days";
import type { Key } from "../../lib/messages";
import { readMoney } from "../../lib/money";

/** Who promises: one side or both. */
export type Side = "applicant" | "respondent" | "both";

export interface OralTermForm {
  who: string;
  what: string;
  amount: string;
  due: string;
}

export interface OralForm {
  category: string;
  applicant: string;
  respondent: string;
  about: string;
  terms: OralTermForm[];
  performed: boolean;
  place: string;
  mediators: string;
  day: string;
  time: string;
}

// Mostly it is the other side that does something.
export const emptyTerm = (): OralTermForm => ({ who: "respondent", what: "", amount: "", due: "" });

export function emptyOral(person: string, today: Day, time: string): OralForm {
  return { category: "", applicant: "", respondent: "", about: "", terms: [emptyTerm()], performed: false, place: "", mediators: person, day: today, time };
}

function readTerm(kept: unknown): OralTermForm {
  const from = (kept ?? {}) as Record<string, unknown>;
  const term = emptyTerm();
  for (const name of ["who", "what", "amount", "due"] as const) {
    const value = from[name];
    if (typeof value === "string") term[name] = value;
  }
  return term;
}

export function readOral(kept: unknown): OralForm | null {
  if (typeof kept !== "object" || kept === null) return null;
  const from = kept as Record<string, unknown>;
  const form = emptyOral("", "2000-01-01", "");
  for (const name of ["category", "applicant", "respondent", "about", "place", "mediators", "day", "time"] as const) {
    const value = from[name];
    if (typeof value === "string") form[name] = value;
  }
  form.performed = from["performed"] === true;
  if (Array.isArray(from["terms"]) && from["terms"].length > 0) form.terms = from["terms"].map(readTerm);
  return form;
}

const MOST_NAME = 100;
const MOST_LINE = 1000;

function textWrong(text: string, most: number): Key | null {
  if (text.trim() === "") return "wrong.required";
  return Array.from(text).length > most ? "wrong.long" : null;
}

/** What is wrong, by field (terms.0.what); empty where it can be saved. */
export function oralWrong(form: OralForm, today: Day): Record<string, Key> {
  const found: Record<string, Key | null> = {
    category: form.category === "" ? "wrong.required" : null,
    applicant: textWrong(form.applicant, MOST_NAME),
    respondent: textWrong(form.respondent, MOST_NAME),
    about: textWrong(form.about, MOST_LINE),
    mediators: textWrong(form.mediators, MOST_LINE),
    day: dayWrong(form.day, today, "past", true),
    time: timeWrong(form.time, false),
  };
  form.terms.forEach((term, at) => {
    found[`terms.${at}.what`] = textWrong(term.what, MOST_LINE);
    found[`terms.${at}.amount`] = moneyWrong(term.amount, false);
    // What was done on the spot fell due on the spot.
    found[`terms.${at}.due`] = form.performed ? null : dayWrong(term.due, today, "future", true);
  });
  return Object.fromEntries(Object.entries(found).filter((entry): entry is [string, Key] => entry[1] !== null));
}

const splitNames = (text: string) => text.split(/[\n,，、;；]+/).map((name) => name.trim()).filter((name) => name !== "");

function whoOf(form: OralForm, who: string): string {
  if (who === "applicant") return form.applicant.trim();
  if (who === "both") return `${form.applicant.trim()}、${form.respondent.trim()}`;
  return form.respondent.trim();
}

/** The agreement as the station takes it. */
export function toOral(form: OralForm, today: Day): OralDocument {
  const read = readDay(form.day, today, "past");
  const day = read.ok ? read.day : today;
  const time = readTime(form.time);
  const place = form.place.trim();
  return {
    category: form.category,
    applicant: form.applicant.trim(),
    respondent: form.respondent.trim(),
    about: form.about.trim(),
    terms: form.terms.map((term) => {
      const money = readMoney(term.amount);
      const due = readDay(term.due, today, "future");
      return {
        who: whoOf(form, term.who),
        what: term.what.trim(),
        ...(money.ok ? { amount_fen: money.fen } : {}),
        due: !form.performed && due.ok ? due.day : day,
      };
    }),
    at: time === null ? day : atBeijing(day, time),
    ...(place ? { place } : {}),
    mediators: splitNames(form.mediators),
    ...(form.performed ? { performed: true } : {}),
  };
}
