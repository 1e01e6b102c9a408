// The address of a page: what stands after # in the browser's address. It can
// be copied and opened again, in the window and in any browser alike.
import { useSyncExternalStore } from "react";

export interface Route {
  parts: readonly string[];
  query: Readonly<Record<string, string>>;
}

export function readRoute(hash: string): Route {
  const [path = "", search = ""] = hash.replace(/^#/, "").split("?", 2);
  const parts = path.split("/").filter((part) => part !== "").map(decode);
  return { parts, query: Object.fromEntries(new URLSearchParams(search)) };
}

// A broken escape in a copied address shall open a page that says so, not none.
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a page; empty values of the query are left out. */
export function href(parts: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${search ? `?${search}` : ""}`;
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

let known = "";
let parsed: Route = readRoute("");

function snapshot(): Route {
  if (window.location.hash !== known) {
    known = window.location.hash;
    parsed = readRoute(known);
  }
  return parsed;
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, snapshot);
}

export function goTo(address: string): void {
  window.location.hash = address.slice(1);
}

/** Changes the address without a new entry to go back to, as a filter does. */
export function replaceWith(address: string): void {
  window.history.replaceState(null, "", address);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
