// The station's code tables: categories, states, steps and so on with their
// words. A code that is not in them (a newer program wrote it) shows as it is.
import { createContext, useCallback, useContext, type ReactNode } from "react";
import type { CodeLabel, Codes } from "../api/types";
import { useText } from "./text";

export type Table = Exclude<keyof Codes, "states" | "step_tables" | "tables"> | "mediation" | "performance" | "confirmation" | "referral";

// A field of an entry is named by its whole path, by its last two names or by
// its last one: parties.agent.kind, agent_kind, kind.
function fieldCodes(path: string): string[] {
  const names = path.split(".");
  return [path, names.slice(-2).join("_"), names[names.length - 1] ?? path];
}

const Context = createContext<Codes | null>(null);

export function CodesProvider({ codes, children }: { codes: Codes; children: ReactNode }) {
  return <Context.Provider value={codes}>{children}</Context.Provider>;
}

export function useCodeTable(): { table: (name: Table) => readonly CodeLabel[]; word: (name: Table, code: string) => string } {
  const codes = useContext(Context);
  const { pick } = useText();
  const table = useCallback(
    (name: Table): readonly CodeLabel[] => {
      if (!codes) return [];
      if (name in codes) return codes[name as Exclude<keyof Codes, "states" | "step_tables" | "tables">];
      return codes.states[name] ?? [];
    },
    [codes],
  );
  const word = useCallback(
    (name: Table, code: string) => {
      const rows = table(name);
      const asked = name === "fields" ? fieldCodes(code) : [code];
      for (const one of asked) {
        const found = rows.find((row) => row.code === one);
        if (found) return pick(found);
      }
      return code;
    },
    [table, pick],
  );
  return { table, word };
}

/** The word of a step's choice; undefined where the field is none, or the code is new. */
export function useStepWord(): (step: string, field: string, code: string) => string | undefined {
  const codes = useContext(Context);
  const { pick } = useText();
  return useCallback(
    (step, field, code) => {
      const rows = codes?.tables[codes.step_tables[`${step}.${field}`] ?? ""];
      const found = rows?.find((row) => row.code === code);
      return found && pick(found);
    },
    [codes, pick],
  );
}
