// The station's code tables: categories, states, steps and so on with their
// words. A code that is not in them (a newer program wrote it) shows as it is.
import { createContext, useCallback, useContext, type ReactNode } from "react";
import type { CodeLabel, Codes } from "../api/types";
import { useText } from "./text";

export type Table = Exclude<keyof Codes, "states"> | "mediation" | "performance" | "confirmation" | "referral";

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
      if (name in codes) return codes[name as Exclude<keyof Codes, "states">];
      return codes.states[name] ?? [];
    },
    [codes],
  );
  const word = useCallback(
    (name: Table, code: string) => {
      const found = table(name).find((row) => row.code === code);
      return found ? pick(found) : code;
    },
    [table, pick],
  );
  return { table, word };
}
