// What was typed, together with what it was typed upon. A draft may be taken up
// days later: it must then be merged with what came meanwhile, not written over
// it as if the person had seen it.

export interface Based<T, B> {
  typed: T;
  /** The heads that the person saw when beginning. */
  heads: readonly string[];
  /** What stood there then. */
  before: B;
}

/** Reads a kept draft; null where it is none. */
export function readBased<T, B>(kept: unknown, typed: (value: unknown) => T | null, before: (value: unknown) => B | null): Based<T, B> | null {
  if (typeof kept !== "object" || kept === null) return null;
  const parts = kept as Partial<Record<keyof Based<T, B>, unknown>>;
  const heads = parts.heads;
  const first = typed(parts.typed);
  const second = before(parts.before);
  if (first === null || second === null || !Array.isArray(heads) || !heads.every((head) => typeof head === "string")) return null;
  return { typed: first, heads, before: second };
}
