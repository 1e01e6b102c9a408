// The code tables for drawing pages: read from casework's own files, so that
// the pages are drawn with the words that the program has.
import { readdirSync, readFileSync } from "node:fs";
import type { CodeLabel, Codes, Label } from "../../src/api/types";

interface Table {
  codes: { code: string; zh: string; en: string }[];
}

const folder = new URL("../../../app/casework/data/", import.meta.url);
const file: Record<string, Table | undefined> = {};
for (const name of readdirSync(folder).filter((one) => /^codes.*\.json$/.test(one))) {
  Object.assign(file, JSON.parse(readFileSync(new URL(name, folder), "utf8")));
}

export function list(name: string): CodeLabel[] {
  return (file[name]?.codes ?? []).map(({ code, zh, en }) => ({ code, zh, en }));
}

export const codes: Codes = {
  categories: list("category"), sources: list("source"), tags: list("tag"), needs: list("need"), sides: list("side"), party_kinds: list("kind"),
  sexes: list("sex"), ethnicities: list("ethnicity"), id_kinds: list("id_kind"), agent_kinds: list("agent_kind"), authorities: list("authority"),
  agent_powers: list("agent_power"), capacities: list("capacity"), guardian_relations: list("guardian_relation"),
  bodies: list("body"), roles: list("role"),
  states: { mediation: list("mediation_state"), performance: list("performance_state"), confirmation: list("confirmation_state"), referral: list("referral_state") },
  steps: list("step"), fields: list("field"), amount_bands: list("amount_band"),
  organisation_kinds: list("organisation_kind"), helper_roles: list("helper_role"), agreement_forms: list("agreement_form"),
  step_tables: { "agree.form": "agreement_form", "in_force.form": "agreement_form" }, tables: { agreement_form: list("agreement_form") },
};

/** One of the program's own data tables, as the station answers it. */
export function table(name: string): unknown {
  const document = JSON.parse(readFileSync(new URL(`../../../app/tables/defaults/${name}.json`, import.meta.url), "utf8")) as Record<string, unknown>;
  return { ...document, unit: "", effective: true, document };
}

export const text = (zh: string, en: string): Label => ({ zh, en });
