// Live hints: the station says that something changed, the page asks again.
// Read by fetch, so that the token goes in a header and never in an address.
import { address, headers } from "./client";
import type { Hint } from "./types";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
// The station sends a sign of life now and then; silence longer than this
// means that the connection is gone without anybody having said so.
const SILENCE_MS = 90_000;

/** Takes whole events out of what has come so far; the rest stays. */
export function takeEvents(buffer: string): { hints: Hint[]; rest: string } {
  const blocks = buffer.replace(/\r\n/g, "\n").split("\n\n");
  const rest = blocks.pop() ?? "";
  const hints: Hint[] = [];
  for (const block of blocks) {
    const data = block
      .split("\n")
      .filter((line) => line.startsWith("data:"))
      .map((line) => line.slice(5).trimStart())
      .join("\n");
    if (data === "") continue;
    try {
      hints.push(JSON.parse(data) as Hint);
    } catch {
      // A hint that can't be read still says that something changed.
      hints.push({ kind: "resync" });
    }
  }
  return { hints, rest };
}

async function readAll(answer: Response, stop: AbortController, hear: (hint: Hint) => void): Promise<void> {
  const reader = answer.body?.getReader();
  if (!reader) return;
  const decoder = new TextDecoder();
  let buffer = "";
  for (;;) {
    const watchdog = setTimeout(() => stop.abort(), SILENCE_MS);
    try {
      const { done, value } = await reader.read();
      if (done) return;
      const taken = takeEvents(buffer + decoder.decode(value, { stream: true }));
      buffer = taken.rest;
      taken.hints.forEach(hear);
    } finally {
      clearTimeout(watchdog);
    }
  }
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done();
    });
  });

export interface Listening {
  hear: (hint: Hint) => void;
  /** The stream works (again): what was missed meanwhile must be reloaded. */
  connected: () => void;
  lost: () => void;
  /** Nobody is signed in any more. */
  locked: () => void;
}

/** Listens until the answer is called; comes back by itself after a break. */
export function listen(to: Listening): () => void {
  const ended = new AbortController();
  const over = () => ended.signal.aborted;
  void (async () => {
    let wait = FIRST_WAIT_MS;
    while (!over()) {
      const once = new AbortController();
      const end = () => once.abort();
      ended.signal.addEventListener("abort", end);
      try {
        const answer = await fetch(address("/events"), { headers: headers(), signal: once.signal, credentials: "same-origin", cache: "no-store" });
        if (answer.status === 401 || answer.status === 423) { to.locked(); return; }
        if (answer.ok) {
          wait = FIRST_WAIT_MS;
          to.connected();
          await readAll(answer, once, to.hear);
        }
      } catch {
        // A broken stream is answered below: say so, wait, try again.
      } finally {
        ended.signal.removeEventListener("abort", end);
      }
      if (over()) return;
      to.lost();
      await pause(wait, ended.signal);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  })();
  return () => ended.abort();
}
