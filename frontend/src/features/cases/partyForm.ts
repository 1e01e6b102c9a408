// A party as it is typed: every field a text, nothing refused. Turned into a
// party of the case document when saved; what is wrong is named by field.
import type { Party } from "../../api/types";
import { creditProblem, residentProblem, tidyNumber } from "../../lib/identity";
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
}

export type PartyWrong = Partial<Record<keyof PartyForm, Key>>;

export function emptyParty(side: string): PartyForm {
  return {
    side, kind: "person", name: "", sex: "", ethnicity: "", birth_date: "", id_kind: "", id_number: "", phone: "", contact: "",
    address: "", occupation: "", legal_representative: "", needs: [], agent_name: "", agent_kind: "", agent_authority: "",
  };
}

export function fromParty(party: Party): PartyForm {
  const form = emptyParty(party.side);
  const { agent, needs, ...texts } = party;
  for (const [name, value] of Object.entries(texts)) {
    if (name in form && typeof value === "string") (form as unknown as Record<string, string>)[name] = value;
  }
  form.needs = [...(needs ?? [])];
  form.agent_name = agent?.name ?? "";
  form.agent_kind = agent?.kind ?? "";
  form.agent_authority = agent?.authority ?? "";
  return form;
}

/** What was kept as a draft, if it is a party; unknown parts are dropped. */
export function readPartyForm(kept: unknown): PartyForm | null {
  if (typeof kept !== "object" || kept === null) return null;
  const form = emptyParty("applicant");
  for (const [name, value] of Object.entries(kept)) {
    if (name === "needs" && Array.isArray(value)) form.needs = value.filter((one): one is string => typeof one === "string");
    else if (name in form && typeof value === "string") (form as unknown as Record<string, string>)[name] = value;
  }
  return form;
}

export const hasAgent = (form: PartyForm) => form.agent_name.trim() !== "" || form.agent_kind !== "" || form.agent_authority !== "";

function numberWrong(form: PartyForm): Key | null {
  const number = tidyNumber(form.id_number);
  if (number === "") return null;
  if (form.id_kind === "") return "wrong.id.kind";
  const problem = form.id_kind === "resident" ? residentProblem(number) : form.id_kind === "uscc" ? creditProblem(number) : null;
  if (!problem) return null;
  return form.id_kind === "uscc" && problem === "form" ? "wrong.id.uscc" : `wrong.id.${problem}`;
}

export function partyWrong(form: PartyForm, today: Day): PartyWrong {
  const wrong: PartyWrong = {};
  if (form.name.trim() === "") wrong.name = "wrong.required";
  if (form.side === "") wrong.side = "wrong.required";
  if (form.kind === "") wrong.kind = "wrong.required";
  const number = numberWrong(form);
  if (number) wrong.id_number = number;
  const born = readDay(form.birth_date, today, "past");
  if (!born.ok && born.problem !== "empty") wrong.birth_date = born.problem === "impossible" ? "wrong.day.impossible" : "wrong.day.unreadable";
  if (born.ok && born.day > today) wrong.birth_date = "wrong.day.future";
  if (hasAgent(form)) {
    if (form.agent_name.trim() === "") wrong.agent_name = "wrong.required";
    if (form.agent_kind === "") wrong.agent_kind = "wrong.required";
    if (form.agent_authority === "") wrong.agent_authority = "wrong.required";
  }
  return wrong;
}

/** The party as the document takes it. Call only where nothing is wrong. */
export function toParty(form: PartyForm, today: Day): Party {
  const party: Party = { side: form.side, kind: form.kind, name: form.name.trim() };
  const person = form.kind === "person";
  const texts = ["phone", "contact", "address", "occupation", "legal_representative", "sex", "ethnicity", "id_kind"] as const;
  for (const name of texts) {
    const personal = name === "sex" || name === "ethnicity" || name === "occupation";
    if (personal && !person) continue;
    if (name === "legal_representative" && person) continue;
    const text = form[name].trim();
    if (text !== "") party[name] = text;
  }
  const number = tidyNumber(form.id_number);
  if (number !== "") party.id_number = form.id_kind === "resident" || form.id_kind === "uscc" ? number : form.id_number.trim();
  const born = person ? readDay(form.birth_date, today, "past") : null;
  if (born?.ok) party.birth_date = born.day;
  if (form.needs.length > 0) party.needs = form.needs;
  if (hasAgent(form)) party.agent = { name: form.agent_name.trim(), kind: form.agent_kind, authority: form.agent_authority };
  return party;
}

type Change = Record<string, unknown>;

/** The fields that differ, by path, as a patch takes them. */
export function partyChanges(id: string, before: Party, after: Party): Change {
  const changes: Change = {};
  const names = ["side", "kind", "name", "sex", "ethnicity", "birth_date", "id_kind", "id_number", "phone", "contact", "address", "occupation", "legal_representative"] as const;
  for (const name of names) {
    if ((before[name] ?? "") !== (after[name] ?? "")) changes[`parties.${id}.${name}`] = after[name] ?? null;
  }
  // An agent is one value: half of one is never written.
  const agent = (party: Party) => (party.agent ? [party.agent.name, party.agent.kind, party.agent.authority].join("\n") : "");
  if (agent(before) !== agent(after)) changes[`parties.${id}.agent`] = after.agent ?? null;
  const needs = (party: Party) => [...(party.needs ?? [])].sort().join(" ");
  if (needs(before) !== needs(after)) changes[`parties.${id}.needs`] = after.needs ?? null;
  return changes;
}
