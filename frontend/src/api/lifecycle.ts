// What the lifecycle adds to a case: clocks, letters, confirmation, suit, care;
// what waits for whom; cases that begin with their first steps; the roster.
import { useQuery } from "@tanstack/react-query";
import { send } from "./client";
import type { DueList, Inbox } from "./lifecycleTypes";
import type { CaseList, LeadDocument, OralDocument, Saved, Suggestions } from "./types";

// A day passes while a page stands open, and letters come without a hint where
// the road was down: the counts in the rail are asked for again.
const COUNTS_EVERY_MS = 60_000;

export function useInbox() {
  return useQuery({ queryKey: ["inbox"], queryFn: ({ signal }) => send<Inbox>("GET", "/inbox", { signal }), refetchInterval: COUNTS_EVERY_MS });
}

export function useDue() {
  return useQuery({ queryKey: ["due"], queryFn: ({ signal }) => send<DueList>("GET", "/due", { signal }), refetchInterval: COUNTS_EVERY_MS });
}

/** Who could take a case, with reasons; asked only where it is wanted. */
export function useSuggestions(id: string, list: "mediators" | "roster", enabled: boolean) {
  return useQuery({
    enabled,
    queryKey: ["case", id, "suggest", list],
    queryFn: ({ signal }) => send<Suggestions>("GET", "/roster/suggest", { query: { case: id, list }, signal }),
  });
}

export const newOral = (once: string, document: OralDocument) => send<Saved>("POST", "/oral", { json: document, once });
export const newLead = (once: string, document: LeadDocument) => send<Saved>("POST", "/leads", { json: document, once });

/** Leads: found, and no cases yet. */
export function useLeads(state: "lead" | "lead_kept") {
  return useQuery({ queryKey: ["cases", "leads", state], queryFn: ({ signal }) => send<CaseList>("GET", "/cases", { query: { state, limit: 200 }, signal }) });
}
