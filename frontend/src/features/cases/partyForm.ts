// A party as it is typed: every field a text, nothing refused. Turned into a
// party of the case document when saved; what is wrong is named by field.
import type { Agent, Delivery, Guardian, Party, Representation } from "../../api/types";
import { creditProblem, residentProblem, tidyNumber } from "../../lib/identity";
import { dayWrong } from "../../components/ui/DayBox";
import { readDay, type Day } from "../../lib/days";
import type { Key } from "../../lib/messages";

export interface PartyForm {
  side: string;
  kind: string;
  name: string;
  sex: string;
  ethnicity: string;
  birth_date: string;
  id_kind: string;
  id_number: string;
  phone: string;
  contact: string;
  address: string;
  occupation: string;
  legal_representative: string;
  needs: string[];
  agent_name: string;
  agent_kind: string;
  agent_authority: string;
  agent_powers: string[];
  agent_powers_note: string;
  agent_id_kind: string;
  agent_id_number: string;
  agent_phone: string;
  agent_until: string;
  alias: string;
  contact_phone: string;
  capacity: string;
  guardian_name: string;
  guardian_relation: string;
  guardian_id_kind: string;
  guardian_id_number: string;
  guardian_phone: string;
  /** Chosen representatives, as callParty names them. */
  represented_names: string[];
  /** "yes", "no" or not said. */
  represented_settle: string;
  represented_on: string;
  delivery_recipient: string;
  delivery_address: string;
  delivery_phone: string;
  delivery_electronic: string;
  delivery_to: string;
  delivery_on: string;
}

export type PartyWrong = Partial<Record<keyof PartyForm, Key>>;

export function emptyParty(side: string): PartyForm {
  return {
    side, kind: "person", name: "", sex: "", ethnicity: "", birth_date: "", id_kind: "", id_number: "", phone: "", contact: "",
    address: "", occupation: "", legal_representative: "", needs: [], agent_name: "", agent_kind: "", agent_authority: "",
    agent_powers: [], agent_powers_note: "", agent_id_kind: "", agent_id_number: "", agent_phone: "", agent_until: "",
    alias: "", contact_phone: "", capacity: "",
    guardian_name: "", guardian_relation: "", guardian_id_kind: "", guardian_id_number: "", guardian_phone: "",
    represented_names: [], represented_settle: "", represented_on: "",
    delivery_recipient: "", delivery_address: "", delivery_phone: "", delivery_electronic: "", delivery_to: "", delivery_on: "",
  };
}

/** The parts of a form that are about somebody or something of their own. */
export const AGENT = ["agent_name", "agent_kind", "agent_authority", "agent_powers", "agent_powers_note", "agent_id_kind", "agent_id_number", "agent_phone", "agent_until"] as const;
export const GUARDIAN = ["guardian_name", "guardian_relation", "guardian_id_kind", "guardian_id_number", "guardian_phone"] as const;
export const REPRESENTED = ["represented_names", "represented_settle", "represented_on"] as const;
export const DELIVERY = ["delivery_recipient", "delivery_address", "delivery_phone", "delivery_electronic", "delivery_to", "delivery_on"] as const;

type FormName = keyof PartyForm;

/** Whether anything was filled in of a part. */
export const hasPart = (form: PartyForm, part: readonly FormName[]) => part.some((name) => (typeof form[name] === "string" ? form[name].trim() !== "" : form[name].length > 0));

/** The same part with nothing in it. */
export function emptied(part: readonly FormName[]): Partial<PartyForm> {
  const empty = emptyParty("");
  return Object.fromEntries(part.map((name) => [name, empty[name]]));
}

/** How a party of a list is called where another chooses it: its name, or #n where several bear it. */
export function callParty(names: readonly string[], at: number): string {
  const name = (names[at] ?? "").trim();
  const once = names.filter((other) => other.trim() === name).length === 1;
  return name !== "" && once && !/^#[1-9]\d{0,2}$/.test(name) ? name : `#${at + 1}`;
}

const yesNo = (value: boolean | undefined) => (value === undefined ? "" : value ? "yes" : "no");

export function fromParty(party: Party): PartyForm {
  const form = emptyParty(party.side);
  const { agent, guardian, represented_by: chosen, delivery, needs, ...texts } = party;
  for (const [name, value] of Object.entries(texts)) {
    if (name in form && typeof value === "string") (form as unknown as Record<string, string>)[name] = value;
  }
  form.needs = [...(needs ?? [])];
  return {
    ...form,
    agent_name: agent?.name ?? "", agent_kind: agent?.kind ?? "", agent_authority: agent?.authority ?? "",
    agent_powers: [...(agent?.powers ?? [])], agent_powers_note: agent?.powers_note ?? "", agent_id_kind: agent?.id_kind ?? "",
    agent_id_number: agent?.id_number ?? "", agent_phone: agent?.phone ?? "", agent_until: agent?.until ?? "",
    guardian_name: guardian?.name ?? "", guardian_relation: guardian?.relation ?? "", guardian_id_kind: guardian?.id_kind ?? "",
    guardian_id_number: guardian?.id_number ?? "", guardian_phone: guardian?.phone ?? "",
    represented_names: [...(chosen?.names ?? [])], represented_settle: yesNo(chosen?.may_settle), represented_on: chosen?.chosen_on ?? "",
    delivery_recipient: delivery?.recipient ?? "", delivery_address: delivery?.address ?? "", delivery_phone: delivery?.phone ?? "",
    delivery_electronic: yesNo(delivery?.electronic), delivery_to: delivery?.electronic_to ?? "", delivery_on: delivery?.confirmed_on ?? "",
  };
}

/** What was kept as a draft, if it is a party; unknown parts are dropped. */
export function readPartyForm(kept: unknown): PartyForm | null {
  if (typeof kept !== "object" || kept === null) return null;
  const form = emptyParty("applicant");
  const loose = form as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(kept)) {
    if (Array.isArray(loose[name])) {
      if (Array.isArray(value)) loose[name] = value.filter((one): one is string => typeof one === "string");
    } else if (name in form && typeof value === "string") loose[name] = value;
  }
  return form;
}

export const hasAgent = (form: PartyForm) => hasPart(form, AGENT);

function numberWrong(typed: string, kind: string): Key | null {
  const number = tidyNumber(typed);
  if (number === "") return null;
  if (kind === "") return "wrong.id.kind";
  const problem = kind === "resident" ? residentProblem(number) : kind === "uscc" ? creditProblem(number) : null;
  if (!problem) return null;
  return kind === "uscc" && problem === "form" ? "wrong.id.uscc" : `wrong.id.${problem}`;
}

const PERSONAL = ["sex", "ethnicity", "occupation", "capacity"];

function partsWrong(form: PartyForm, today: Day, wrong: PartyWrong) {
  const must = (...names: ("agent_name" | "agent_kind" | "agent_authority" | "guardian_name" | "guardian_relation" | "delivery_address")[]) => {
    for (const name of names) if (form[name].trim() === "") wrong[name] = "wrong.required";
  };
  const number = (name: "agent_id_number" | "guardian_id_number", kind: string) => {
    const problem = numberWrong(form[name], kind);
    if (problem) wrong[name] = problem;
  };
  const day = (name: "agent_until" | "represented_on" | "delivery_on", leaning: "past" | "near") => {
    const problem = dayWrong(form[name], today, leaning, false);
    if (problem) wrong[name] = problem;
  };
  if (hasAgent(form)) {
    must("agent_name", "agent_kind", "agent_authority");
    number("agent_id_number", form.agent_id_kind);
    day("agent_until", "near");
    if (form.agent_authority === "general" && form.agent_powers.includes("admit_change_waive")) wrong.agent_powers = "wrong.powers.general";
  }
  if (form.kind === "person" && hasPart(form, GUARDIAN)) {
    must("guardian_name", "guardian_relation");
    number("guardian_id_number", form.guardian_id_kind);
  }
  if (hasPart(form, REPRESENTED)) {
    if (form.represented_names.length === 0) wrong.represented_names = "wrong.required";
    day("represented_on", "past");
  }
  if (hasPart(form, DELIVERY)) {
    must("delivery_address");
    day("delivery_on", "past");
  }
}

export function partyWrong(form: PartyForm, today: Day): PartyWrong {
  const wrong: PartyWrong = {};
  if (form.name.trim() === "") wrong.name = "wrong.required";
  if (form.side === "") wrong.side = "wrong.required";
  if (form.kind === "") wrong.kind = "wrong.required";
  const number = numberWrong(form.id_number, form.id_kind);
  if (number) wrong.id_number = number;
  const born = readDay(form.birth_date, today, "past");
  if (!born.ok && born.problem !== "empty") wrong.birth_date = born.problem === "impossible" ? "wrong.day.impossible" : "wrong.day.unreadable";
  if (born.ok && born.day > today) wrong.birth_date = "wrong.day.future";
  partsWrong(form, today, wrong);
  return wrong;
}

const checked = (kind: string) => kind === "resident" || kind === "uscc";

/** Only what was filled in: texts as they are, lists with something in them. */
function filled<T extends object>(parts: { [Name in keyof T]: T[Name] | undefined }): T {
  const out: Partial<T> = {};
  for (const name of Object.keys(parts) as (keyof T)[]) {
    const value = parts[name];
    const nothing = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
    if (!nothing) out[name] = value;
  }
  return out as T;
}

const said = (value: string) => (value === "" ? undefined : value === "yes");
const writtenNumber = (number: string, kind: string) => (checked(kind) ? tidyNumber(number) : number.trim());

function dayOf(text: string, today: Day, leaning: "past" | "near"): string {
  const read = readDay(text, today, leaning);
  return read.ok ? read.day : "";
}

/** The party as the document takes it. Call only where nothing is wrong. */
export function toParty(form: PartyForm, today: Day): Party {
  const party: Party = { side: form.side, kind: form.kind, name: form.name.trim() };
  const person = form.kind === "person";
  const texts = ["phone", "contact", "address", "occupation", "legal_representative", "sex", "ethnicity", "id_kind", "alias", "contact_phone", "capacity"] as const;
  for (const name of texts) {
    if (PERSONAL.includes(name) && !person) continue;
    if (name === "legal_representative" && person) continue;
    const text = form[name].trim();
    if (text !== "") party[name] = text;
  }
  if (tidyNumber(form.id_number) !== "") party.id_number = writtenNumber(form.id_number, form.id_kind);
  const born = person ? readDay(form.birth_date, today, "past") : null;
  if (born?.ok) party.birth_date = born.day;
  if (form.needs.length > 0) party.needs = form.needs;
  if (hasAgent(form)) {
    party.agent = filled<Agent>({
      name: form.agent_name.trim(), kind: form.agent_kind, authority: form.agent_authority, powers: form.agent_powers, powers_note: form.agent_powers_note.trim(),
      id_kind: form.agent_id_kind, id_number: writtenNumber(form.agent_id_number, form.agent_id_kind), phone: form.agent_phone.trim(), until: dayOf(form.agent_until, today, "near"),
    });
  }
  if (person && hasPart(form, GUARDIAN)) {
    party.guardian = filled<Guardian>({
      name: form.guardian_name.trim(), relation: form.guardian_relation, id_kind: form.guardian_id_kind,
      id_number: writtenNumber(form.guardian_id_number, form.guardian_id_kind), phone: form.guardian_phone.trim(),
    });
  }
  if (hasPart(form, REPRESENTED)) {
    party.represented_by = filled<Representation>({ names: form.represented_names, may_settle: said(form.represented_settle), chosen_on: dayOf(form.represented_on, today, "past") });
  }
  if (hasPart(form, DELIVERY)) {
    party.delivery = filled<Delivery>({
      recipient: form.delivery_recipient.trim(), address: form.delivery_address.trim(), phone: form.delivery_phone.trim(),
      electronic: said(form.delivery_electronic), electronic_to: form.delivery_to.trim(), confirmed_on: dayOf(form.delivery_on, today, "past"),
    });
  }
  return party;
}

type Change = Record<string, unknown>;

// The same however its keys and lists are ordered.
function sameText(value: object | undefined): string {
  const parts = Object.entries(value ?? {}).map(([name, part]) => [name, Array.isArray(part) ? [...(part as string[])].sort() : (part as unknown)] as const);
  return JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The fields that differ, by path, as a patch takes them. */
export function partyChanges(id: string, before: Party, after: Party): Change {
  const changes: Change = {};
  const names = ["side", "kind", "name", "sex", "ethnicity", "birth_date", "id_kind", "id_number", "phone", "contact", "address", "occupation", "legal_representative", "alias", "contact_phone", "capacity"] as const;
  for (const name of names) {
    if ((before[name] ?? "") !== (after[name] ?? "")) changes[`parties.${id}.${name}`] = after[name] ?? null;
  }
  // An agent, a guardian and the like are one value each: half of one is never written.
  for (const name of ["agent", "guardian", "represented_by", "delivery"] as const) {
    if (sameText(before[name]) !== sameText(after[name])) changes[`parties.${id}.${name}`] = after[name] ?? null;
  }
  const needs = (party: Party) => [...(party.needs ?? [])].sort().join(" ");
  if (needs(before) !== needs(after)) changes[`parties.${id}.needs`] = after.needs ?? null;
  return changes;
}
