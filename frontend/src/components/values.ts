// Any value of a case as words: codes by their tables, amounts in yuan, days
// in words. What is not known shows as it was written.
import { useCallback } from "react";
import { useCodeTable, type Table } from "./codes";
import { useText } from "./text";
import { useNow } from "./now";
import { writeMoney } from "../lib/money";
import { showMoment } from "../lib/when";

// The table that a field's codes are in, by the last name of its path.
const TABLES: Readonly<Record<string, Table>> = {
  category: "categories", source: "sources", tags: "tags", needs: "needs", side: "sides", sex: "sexes", ethnicity: "ethnicities",
  id_kind: "id_kinds", authority: "authorities", powers: "agent_powers", capacity: "capacities", relation: "guardian_relations", mediation: "mediation", performance: "performance",
  confirmation: "confirmation", referral: "referral", step: "steps", amount_band: "amount_bands",
};
const MOMENT = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?$/;

// "parties.0190….agent.kind" says kind of agent, "parties.….kind" of party.
function tableOf(field: string): Table | undefined {
  const names = field.split(".");
  const last = names[names.length - 1] === "+" ? names[names.length - 2] : names[names.length - 1];
  if (last === "kind") return names.includes("agent") ? "agent_kinds" : "party_kinds";
  return last === undefined ? undefined : TABLES[last];
}

/** A field's path without the ids of entries: parties.….phone is parties.phone. */
export function fieldName(path: string): string {
  return path
    .split(".")
    .filter((part) => part !== "+" && /^[a-z_]{1,40}$/.test(part))
    .join(".");
}

export function useValues() {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();

  const show = useCallback(
    (field: string, value: unknown): string => {
      const comma = language === "en" ? ", " : "、";
      const colon = language === "en" ? ": " : "：";
      const plain = (name: string, text: string): string => {
        const table = tableOf(name);
        if (table) return word(table, text);
        return MOMENT.test(text) ? showMoment(text, language, today) : text;
      };
      const say = (name: string, one: unknown): string => {
        if (one === null || one === undefined || one === "") return t("value.none");
        if (typeof one === "boolean") return t(one ? "value.yes" : "value.no");
        if (typeof one === "number") return name.endsWith("amount_fen") ? t("value.money", { yuan: writeMoney(one) }) : String(one);
        if (Array.isArray(one)) return one.map((item) => say(name, item)).join(comma);
        if (typeof one !== "object") return plain(name, typeof one === "string" ? one : JSON.stringify(one));
        return Object.entries(one)
          .filter(([, part]) => part !== null && part !== "")
          .map(([key, part]) => `${word("fields", fieldName(`${name}.${key}`))}${colon}${say(`${name}.${key}`, part)}`)
          .join(language === "en" ? "; " : "；");
      };
      return say(field, value);
    },
    [t, word, language, today],
  );
  const label = useCallback((field: string) => word("fields", fieldName(field)), [word]);
  return { show, label };
}
