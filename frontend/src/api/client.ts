// The one place that speaks to the station. It always sends strings: a Blob,
// File or FormData as a body ends the window's process, so there is no way to
// pass one. The session's token lives in memory only, never in a file or an
// address, and is gone when the page is.
import { ApiError, problemOf, unreachable } from "./errors";

const BASE = "/api/v1";

// No form and no link of another page can set this header (request forgery).
const CLIENT_HEADER = "Hejie-Client";
// Requests that no person caused don't put the idle lock off.
const BACKGROUND_HEADER = "Hejie-Background";
const CAUSED_WITHIN_MS = 5_000;

let token = "";
let lastInput = 0;
const lostListeners = new Set<() => void>();

export function setToken(next: string): void {
  token = next;
}

/** Says that a person did something just now (a key, a click). */
export function personActed(now = Date.now()): void {
  lastInput = now;
}

/** Whether a person did something within the last so many milliseconds. */
export function actedWithin(ms: number, now = Date.now()): boolean {
  return now - lastInput < ms;
}

export function headers(): Record<string, string> {
  const head: Record<string, string> = { [CLIENT_HEADER]: "page" };
  if (token !== "") head["Authorization"] = `Bearer ${token}`;
  if (!actedWithin(CAUSED_WITHIN_MS)) head[BACKGROUND_HEADER] = "1";
  return head;
}

/** Tells when the station no longer knows the session (locked when idle, or restarted). */
export function onSessionLost(listener: () => void): () => void {
  lostListeners.add(listener);
  return () => lostListeners.delete(listener);
}

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Call {
  query?: Query;
  json?: unknown;
  /** Lines of JSON, for an import. */
  lines?: string;
  /** The same token again answers the same and changes nothing. */
  once?: string;
  signal?: AbortSignal;
  /** Lets the request outlive the page, for the last keystrokes of a draft. */
  keepalive?: boolean;
}

export function address(path: string, query: Query = {}): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const search = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return `${BASE}${path}${search ? `?${search}` : ""}`;
}

function request(method: string, call: Call): RequestInit {
  const head = headers();
  const init: RequestInit = { method, headers: head, credentials: "same-origin", cache: "no-store" };
  if (call.json !== undefined) {
    head["Content-Type"] = "application/json";
    init.body = JSON.stringify(call.json);
  } else if (call.lines !== undefined) {
    head["Content-Type"] = "application/x-ndjson";
    init.body = call.lines;
  }
  if (call.once !== undefined) head["Idempotency-Key"] = call.once;
  if (call.signal) init.signal = call.signal;
  if (call.keepalive) init.keepalive = true;
  return init;
}

/** Asks the station; throws ApiError with what a person can be told. */
export async function send<T>(method: string, path: string, call: Call = {}): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(address(path, call.query), request(method, call));
  } catch (cause) {
    if (call.signal?.aborted) throw cause;
    throw unreachable();
  }
  if (!answer.ok) {
    const error = new ApiError(await problemOf(answer));
    if ((error.code === "not_signed_in" || error.code === "locked") && path !== "/session") lostListeners.forEach((tell) => tell());
    throw error;
  }
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}
