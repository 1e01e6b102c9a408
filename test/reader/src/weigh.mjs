// What one seat's operations in one record weigh together, and which of them are too dear (docs/format-changes.md, "Weight").
import { compare, hex } from './bytes.mjs';

const MOST = 250_000;
const BYTES = 268;
const ENTRY = 8;

/** weightOf is what a body weighs. */
export function weightOf(body) {
  let n = 1 + body.changes.length + body.unknown.length + Math.floor(body.size / BYTES);
  for (const c of body.changes) {
    if (c.kind === 'void' || c.kind === 'unknown') continue;
    for (const list of [c.replaces, c.after, c.spans, c.items]) n += list?.length ?? 0;
    n += Math.floor(c.path.length / 2) + elements(c.value);
    if (c.kind === 'add' && (c.value === undefined || c.value === null)) n += ENTRY;
    for (const x of c.items ?? []) n += elements(x);
  }
  return n;
}

function elements(v) {
  if (Array.isArray(v)) return v.reduce((n, x) => n + 1 + elements(x), 0);
  if (v && Object.getPrototypeOf(v) === Object.prototype) return Object.values(v).reduce((n, x) => n + 1 + elements(x), 0);
  return 0;
}

const own = (op) => (op.content ? weightOf(op.content) + op.fields.heads.length : 0);

/**
 * dearIn gives the ids of a record's operations that are too dear; undefined where it rests on who may adopt, which this
 * reader does not judge.
 */
export function dearIn(operations) {
  const byId = new Map(operations.map((op) => [hex(op.id), op]));
  const taken = (op) => op.fields.adopts.map((id) => byId.get(hex(id))).filter(Boolean).reduce((n, x) => n + Math.max(1, own(x)), 0);
  const depth = depths(byId);
  const sums = new Map();
  const dear = new Set();
  const sorted = [...operations].sort((a, b) => depth.get(hex(a.id)) - depth.get(hex(b.id)) || compare(a.id, b.id));
  for (const op of sorted) {
    const seat = hex(op.fields.seat);
    const sum = (sums.get(seat) ?? 0) + own(op) + taken(op);
    sums.set(seat, sum);
    if (sum > MOST) dear.add(hex(op.id));
  }
  return dear.size > 0 && operations.some((op) => op.fields.adopts.length > 0) ? undefined : dear;
}

/** depths is one more than the greatest depth among the heads that are here. */
function depths(byId) {
  const depth = new Map();
  const stack = [...byId.keys()];
  while (stack.length > 0) {
    const id = stack.at(-1);
    if (depth.has(id)) {
      stack.pop();
      continue;
    }
    const heads = byId.get(id).fields.heads.map(hex).filter((h) => byId.has(h));
    const open = heads.filter((h) => !depth.has(h));
    if (open.length > 0) {
      stack.push(...open);
      continue;
    }
    depth.set(id, 1 + heads.reduce((n, h) => Math.max(n, depth.get(h)), 0));
    stack.pop();
  }
  return depth;
}
