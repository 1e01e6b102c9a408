// The code tables for drawing pages: read from casework's own file, so that
// the pages are drawn with the words that the program has.
import { readFileSync } from "node:fs";
import type { CodeLabel, Codes, Label } from "../../src/api/types";

interface Table {
  codes: { code: string; zh: string; en: string }[];
}

const file = JSON.parse(readFileSync(new URL("../../../app/casework/data/codes.json", import.meta.url), "utf8")) as Record<string, Table | undefined>;

export function list(name: string): CodeLabel[] {
  return (file[name]?.codes ?? []).map(({ code, zh, en }) => ({ code, zh, en }));
}

export const codes: Codes = {
  categories: list("category"), sources: list("source"), tags: list("tag"), needs: list("need"), sides: list("side"), party_kinds: list("kind"),
  sexes: list("sex"), ethnicities: list("ethnicity"), id_kinds: list("id_kind"), agent_kinds: list("agent_kind"), authorities: list("authority"),
  bodies: list("body"), roles: list("role"),
  states: { mediation: list("mediation_state"), performance: list("performance_state"), confirmation: list("confirmation_state"), referral: list("referral_state") },
  steps: list("step"), fields: list("field"), amount_bands: list("amount_band"),
};

export const text = (zh: string, en: string): Label => ({ zh, en });
