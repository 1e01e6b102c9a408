// The words of a row: what stage a case is in and what comes next.
import type { CaseRow, Next, State } from "../../api/types";
import type { Table } from "../../components/codes";
import type { Tone } from "../../components/ui/Tag";
import type { Key, Values } from "../../lib/messages";

type Word = (table: Table, code: string) => string;

/** The one state that tells most: a later track speaks for the earlier ones. */
export function stage(state: State, word: Word): string {
  if (state.mediation === "contested") return word("mediation", "contested");
  if (state.mediation === "closed" || state.mediation === "terminated") return word("mediation", state.mediation);
  if (state.performance !== "none" && state.performance !== "") return word("performance", state.performance);
  return word("mediation", state.mediation);
}

const TONES: Readonly<Record<Next["tone"], Tone>> = { plain: "plain", due: "due", overdue: "bad", waiting: "wait", done: "ok" };

export const toneOf = (next: Next): Tone => TONES[next.tone];

const SPECIAL: Readonly<Record<string, Key>> = {
  settle: "next.settle",
  wait_signature: "next.wait_signature",
  "enter-agreement": "next.enter_agreement",
  wait_performance: "next.wait_performance",
};

/** What comes next, as a short sentence; null where nothing does. */
export function nextWords(next: Next | undefined, t: (key: Key, values?: Values) => string, word: Word): string | null {
  if (!next || next.code === "none") return null;
  const special = SPECIAL[next.code];
  if (special) return t(special, next.params);
  return t("next.step", { step: word("steps", next.code) });
}

/** A name for a case whose title this unit may not see. */
export function titleOf(row: Pick<CaseRow, "title" | "id" | "category">, t: (key: Key, values?: Values) => string, word: Word): string {
  return row.title || t("cases.untitled", { category: word("categories", row.category), id: row.id.slice(0, 8) });
}
