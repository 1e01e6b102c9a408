// Cases: reading, writing, steps, contradictions and the body's own notes.
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "./client";
import type {
  CaseDocument, CaseList, CaseView, Change, ConflictList, DocketArchive, Holder, NotesView, Patch, RepeatList, Saved, Settlement, Sheet, Step, StepPreview,
} from "./types";

/** Rows of one page of the list; the list asks for more while it is scrolled. */
const PAGE = 200;

export interface CaseFilter {
  text: string;
  group: string;
}

const path = (id: string, rest = "") => `/cases/${encodeURIComponent(id)}${rest}`;

export const caseKeys = {
  all: ["cases"] as const,
  one: (id: string) => ["case", id] as const,
  part: (id: string, part: string) => ["case", id, part] as const,
  conflicts: ["conflicts"] as const,
  repeats: ["repeats"] as const,
};

export function useCaseList(filter: CaseFilter) {
  return useInfiniteQuery({
    queryKey: [...caseKeys.all, filter.group, filter.text],
    queryFn: ({ pageParam, signal }) =>
      send<CaseList>("GET", "/cases", {
        query: { query: filter.text, group: filter.group, limit: PAGE, after: pageParam, counts: pageParam === "" },
        signal,
      }),
    initialPageParam: "",
    getNextPageParam: (last) => last.after,
    placeholderData: (before) => before,
  });
}

export function useCase(id: string) {
  return useQuery({ queryKey: caseKeys.one(id), queryFn: ({ signal }) => send<CaseView>("GET", path(id), { signal }) });
}

export function useSteps(id: string, enabled = true) {
  return useQuery({ enabled, queryKey: caseKeys.part(id, "steps"), queryFn: ({ signal }) => send<Step[]>("GET", path(id, "/steps"), { signal }) });
}

export function useHistory(id: string) {
  return useQuery({ queryKey: caseKeys.part(id, "history"), queryFn: ({ signal }) => send<Change[]>("GET", path(id, "/history"), { signal }) });
}

export function useHolders(id: string) {
  return useQuery({ queryKey: caseKeys.part(id, "holders"), queryFn: ({ signal }) => send<Holder[]>("GET", path(id, "/holders"), { signal }) });
}

/** Cases that look like the same dispute: what one case says may change with another. */
export function useRepeats(id: string) {
  return useQuery({ queryKey: [...caseKeys.repeats, id], queryFn: ({ signal }) => send<RepeatList>("GET", path(id, "/repeats"), { signal }) });
}

export function useNotes(id: string) {
  return useQuery({ queryKey: caseKeys.part(id, "notes"), queryFn: ({ signal }) => send<NotesView>("GET", path(id, "/notes"), { signal }) });
}

export function useSheet(id: string, lang: "zh" | "en") {
  return useQuery({
    queryKey: caseKeys.part(id, `sheet-${lang}`),
    queryFn: ({ signal }) => send<Sheet>("GET", path(id, "/sheet"), { query: { lang }, signal }),
  });
}

export function useConflicts() {
  return useQuery({ queryKey: caseKeys.conflicts, queryFn: ({ signal }) => send<ConflictList>("GET", "/conflicts", { signal }) });
}

/** Reloads what a change of one case shows in. */
export function useCaseChanged() {
  const client = useQueryClient();
  return (id: string) =>
    Promise.all([
      client.invalidateQueries({ queryKey: caseKeys.one(id) }),
      client.invalidateQueries({ queryKey: caseKeys.all }),
      client.invalidateQueries({ queryKey: caseKeys.conflicts }),
      client.invalidateQueries({ queryKey: caseKeys.repeats }),
      client.invalidateQueries({ queryKey: ["inbox"] }),
      client.invalidateQueries({ queryKey: ["due"] }),
      client.invalidateQueries({ queryKey: ["sync"] }),
    ]);
}

/** The folder from which a court dockets the case, packed. */
export const docketFolder = (id: string, lang: "zh" | "en") => send<DocketArchive>("GET", path(id, "/docket"), { query: { lang } });

export const newCase = (once: string, document: CaseDocument) => send<Saved>("POST", "/cases", { json: document, once });
export const patchCase = (once: string, id: string, patch: Patch) => send<Saved>("PATCH", path(id), { json: patch, once });
/** Takes a step. base are the heads of the view on which it was decided: where what it rests on changed since, it is refused as stale. */
export const takeStep = (once: string, id: string, step: string, fields: Record<string, unknown>, base?: readonly string[]) =>
  send<Saved>("POST", path(id, `/steps/${encodeURIComponent(step)}`), { json: base ? { base, fields } : { fields }, once });
/** What a step would do, with the refusals and warnings of the step itself; nothing of it is done. */
export const previewStep = (id: string, step: string, fields: Record<string, unknown>, base?: readonly string[]) =>
  send<StepPreview>("POST", path(id, `/steps/${encodeURIComponent(step)}/preview`), { json: base ? { base, fields } : { fields } });
export const settle = (once: string, id: string, settlement: Settlement) => send<Saved>("POST", path(id, "/settle"), { json: settlement, once });
export const patchNotes = (once: string, id: string, patch: Patch) => send<Saved>("PATCH", path(id, "/notes"), { json: patch, once });
