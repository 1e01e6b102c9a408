// A new case as it is typed, and the document that it becomes.
import type { CaseDocument } from "../../../api/types";
import { dayWrong, timeWrong } from "../../../components/ui/DayBox";
import { moneyWrong } from "../../../components/ui/MoneyBox";
import { atBeijing, readDay, readTime, type Day } from "../../../lib/days";
import type { Key } from "../../../lib/messages";
import { readMoney } from "../../../lib/money";
import { emptyParty, partyWrong, readPartyForm, toParty, type PartyForm } from "../partyForm";

export interface CaseForm {
  /** Sent with the save: the same again records the case once. */
  token: string;
  category: string;
  source: string;
  title: string;
  external_id: string;
  received_day: string;
  received_time: string;
  facts: string;
  claims: string;
  amount: string;
  place: string;
  tags: string[];
  parties: PartyForm[];
}

export type TextName = Exclude<keyof CaseForm, "tags" | "parties" | "token">;

export const MOST: Readonly<Partial<Record<TextName, number>>> = { title: 200, external_id: 100, facts: 20_000, claims: 5_000, place: 200 };

export function emptyCase(token: string, today: Day, time: string): CaseForm {
  return {
    token, category: "", source: "application", title: "", external_id: "", received_day: today, received_time: time, facts: "", claims: "",
    amount: "", place: "", tags: [], parties: [emptyParty("applicant"), emptyParty("respondent")],
  };
}

export function readCaseForm(kept: unknown): CaseForm | null {
  if (typeof kept !== "object" || kept === null) return null;
  const form = emptyCase("", "2000-01-01", "");
  for (const [name, value] of Object.entries(kept)) {
    if (name === "tags" && Array.isArray(value)) form.tags = value.filter((tag): tag is string => typeof tag === "string");
    else if (name === "parties" && Array.isArray(value)) form.parties = value.map(readPartyForm).filter((party): party is PartyForm => party !== null);
    else if (name in form && typeof value === "string") (form as unknown as Record<string, string>)[name] = value;
  }
  return form.token === "" ? null : form;
}

const blank = (party: PartyForm) => JSON.stringify({ ...party, side: "" }) === JSON.stringify(emptyParty(""));

/** The parties that were filled in; at least the first counts. */
export function filledParties(form: CaseForm): PartyForm[] {
  const filled = form.parties.filter((party) => !blank(party));
  return filled.length > 0 ? filled : form.parties.slice(0, 1);
}

export type CaseWrong = Partial<Record<TextName, Key>>;

export function caseWrong(form: CaseForm, today: Day): CaseWrong {
  const wrong: CaseWrong = {};
  for (const name of ["category", "source", "title", "facts"] as const) {
    if (form[name].trim() === "") wrong[name] = "wrong.required";
  }
  for (const [name, most] of Object.entries(MOST)) {
    if (Array.from(form[name as TextName]).length > most) wrong[name as TextName] = "wrong.long";
  }
  const day = dayWrong(form.received_day, today, "past", true);
  if (day) wrong.received_day = day;
  const read = readDay(form.received_day, today, "past");
  if (read.ok && read.day > today) wrong.received_day = "wrong.day.future";
  const time = timeWrong(form.received_time, true);
  if (time) wrong.received_time = time;
  const money = moneyWrong(form.amount, false);
  if (money) wrong.amount = money;
  return wrong;
}

/** How many things are wrong, in the case and its people together. */
export function countWrong(form: CaseForm, today: Day): number {
  const people = filledParties(form).reduce((n, party) => n + Object.keys(partyWrong(party, today)).length, 0);
  return Object.keys(caseWrong(form, today)).length + people;
}

/** The document. Call only where nothing is wrong. */
export function toDocument(form: CaseForm, today: Day): CaseDocument {
  const day = readDay(form.received_day, today, "past");
  const amount = readMoney(form.amount);
  const document: CaseDocument = {
    category: form.category,
    source: form.source,
    title: form.title.trim(),
    received_at: atBeijing(day.ok ? day.day : today, readTime(form.received_time) ?? "00:00"),
    facts: form.facts,
    parties: filledParties(form).map((party) => toParty(party, today)),
  };
  if (form.external_id.trim() !== "") document.external_id = form.external_id.trim();
  if (form.claims.trim() !== "") document.claims = form.claims;
  if (amount.ok) document.amount_fen = amount.fen;
  if (form.place.trim() !== "") document.place = form.place.trim();
  if (form.tags.length > 0) document.tags = form.tags;
  return document;
}

/** A title in the usual form, offered while none was typed: 李大样与王小例邻里纠纷. */
export function suggestTitle(form: CaseForm, category: string): string {
  const name = (side: string) => form.parties.filter((party) => party.side === side && party.name.trim() !== "").map((party) => party.name.trim());
  const [first, ...others] = name("applicant");
  const [against] = name("respondent");
  if (!first || !against || category === "") return "";
  return `${first}${others.length > 0 ? `等${others.length + 1}人` : ""}与${against}${category}`;
}
