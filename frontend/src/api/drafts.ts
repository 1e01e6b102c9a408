// Drafts: what was typed and not yet saved, kept durably by the station.
import { useQuery } from "@tanstack/react-query";
import { ApiError } from "./errors";
import { send } from "./client";
import type { Draft, DraftInfo } from "./types";

const path = (name: string) => `/drafts/${encodeURIComponent(name)}`;

export const useDrafts = () =>
  useQuery({ queryKey: ["drafts"], queryFn: ({ signal }) => send<DraftInfo[]>("GET", "/drafts", { signal }), staleTime: 0 });

/** The draft of a name, or null where there is none. */
export async function getDraft(name: string): Promise<Draft | null> {
  try {
    return await send<Draft>("GET", path(name));
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404) return null;
    throw thrown;
  }
}

export const putDraft = (name: string, value: unknown, keepalive = false) =>
  send<DraftInfo>("PUT", path(name), { json: { value }, keepalive });
export const deleteDraft = (name: string) => send<undefined>("DELETE", path(name));

/** The part of a draft's name that the station takes: lower case, no other marks. */
export function draftPart(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
