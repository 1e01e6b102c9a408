// Live hints become reloads: deltas say what changed, the page asks anew. After
// a break in the stream everything that is shown is asked for again.
import { useEffect, useState } from "react";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { listen } from "../api/events";
import type { Hint } from "../api/types";

// A sync brings hundreds of hints at once; one reload serves them all.
const GATHER_MS = 250;

export function staleKeys(hint: Hint): readonly (readonly string[])[] | "all" {
  switch (hint.kind) {
    case "case":
      // A change by others may also bring a contradiction, or settle one.
      return [["cases"], ["conflicts"], ["repeats"], ["inbox"], ["due"], ["sync"], hint.id ? ["case", hint.id] : ["case"]];
    case "conflict":
      return [["conflicts"], ["inbox"], ["due"], ["cases"], hint.id ? ["case", hint.id] : ["case"]];
    case "sync":
      return [["sync"], ["status"], ["peers"], ["case", "holders"]];
    case "status":
      return [["status"]];
    case "seat":
      return [["seats"], ["units"]];
    case "setup":
      return [["setup"]];
    case "alive":
    case "lock":
      return [];
    default:
      return "all";
  }
}

function reload(client: QueryClient, hints: readonly Hint[]): void {
  const keys = hints.map(staleKeys);
  if (keys.includes("all")) {
    void client.invalidateQueries();
    return;
  }
  const seen = new Set<string>();
  for (const key of keys.flatMap((some) => (some === "all" ? [] : some))) {
    const name = key.join("/");
    if (seen.has(name)) continue;
    seen.add(name);
    if (name === "case/holders") void client.invalidateQueries({ predicate: (query) => query.queryKey[2] === "holders" });
    else void client.invalidateQueries({ queryKey: [...key] });
  }
}

/** Listens while somebody is signed in; answers whether the station is heard. */
export function useLive(active: boolean, locked: () => void): boolean {
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  useEffect(() => {
    if (!active) return;
    let gathered: Hint[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let first = true;
    const end = listen({
      hear: (hint) => {
        if (hint.kind === "lock") return locked();
        gathered.push(hint);
        timer ??= setTimeout(() => {
          timer = undefined;
          reload(client, gathered);
          gathered = [];
        }, GATHER_MS);
      },
      connected: () => {
        setConnected(true);
        if (!first) void client.invalidateQueries();
        first = false;
      },
      lost: () => setConnected(false),
      locked,
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [active, client, locked]);
  return connected;
}
