import { useCallback, useEffect, useRef, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { DraftKeeper, type DraftStatus } from "../api/draftKeeper";
import { deleteDraft, getDraft, putDraft } from "../api/drafts";

export interface DraftField<T> {
  value: T;
  set: (next: T | ((before: T) => T)) => void;
  status: DraftStatus;
  /** False until it is known whether an earlier draft is there. */
  ready: boolean;
  /** When the draft that was found was kept; null where there was none. */
  found: string | null;
  discard: () => Promise<void>;
}

/** A value that is kept as a draft while it is typed, and comes back after a break. */
export function useDraft<T>(name: string, initial: T, read: (kept: unknown) => T | null): DraftField<T> {
  const [value, setValue] = useState(initial);
  const [status, setStatus] = useState<DraftStatus>("none");
  const [loaded, setLoaded] = useState<{ name: string; found: string | null } | null>(null);
  const keeper = useRef<DraftKeeper | null>(null);
  const latest = useRef(value);
  const reader = useRef(read);
  const client = useQueryClient();

  useEffect(() => {
    const made = new DraftKeeper({ put: (kept, alive) => putDraft(name, kept, alive), remove: () => deleteDraft(name) }, setStatus);
    keeper.current = made;
    let gone = false;
    const done = (found: string | null) => {
      if (!gone) setLoaded({ name, found });
    };
    getDraft(name).then(
      (draft) => {
        const kept = draft && reader.current(draft.value);
        if (kept !== null && !gone) {
          latest.current = kept;
          setValue(kept);
        }
        done(kept === null ? null : (draft?.saved_at ?? null));
      },
      () => done(null),
    );
    const hide = () => {
      if (document.visibilityState === "hidden") void made.flush(true);
    };
    document.addEventListener("visibilitychange", hide);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", hide);
      made.end();
    };
  }, [name]);

  const set = useCallback((next: T | ((before: T) => T)) => {
    const after = typeof next === "function" ? (next as (before: T) => T)(latest.current) : next;
    latest.current = after;
    setValue(after);
    keeper.current?.note(after);
  }, []);
  const discard = useCallback(async () => {
    await keeper.current?.discard();
    await client.invalidateQueries({ queryKey: ["drafts"] });
  }, [client]);
  const ready = loaded?.name === name;
  return { value, set, status, ready, found: ready ? loaded.found : null, discard };
}
