// What an initiator says (docs/format-exchange.md 2 to 4): requests, batches, ranges, wants.
import { randomBytes, randomInt } from 'node:crypto';
import { concat, need, uvarint } from './bytes.mjs';
import { encode } from './cbor.mjs';
import { Bounds, MAX_BATCH, VERSION } from './exchange.mjs';

/** grease is a key from 128 to 227 with two random bytes: every message has one, about one in sixteen of lasting maps. */
export const grease = () => [randomInt(128, 228), randomBytes(2)];

export const HELLO = 1;
export const WORK = 3;

/** request writes a message from its keys; what is undefined is left out. */
export function request(kind, keys) {
  const all = new Map([[1, VERSION], [2, kind], ...Object.entries(keys).filter(([, v]) => v !== undefined).map(([k, v]) => [Number(k), v]), grease()]);
  return encode(all);
}

/** batch takes frames {kind, bytes} from the front of a list, as many as fit, at least one. */
export function batch(frames) {
  const parts = [];
  let size = 0;
  while (frames.length > 0) {
    const { kind, bytes } = frames[0];
    const one = concat(Buffer.from([kind]), uvarint(bytes.length), bytes);
    if (parts.length > 0 && size + one.length > MAX_BATCH) break;
    size += one.length;
    parts.push(one);
    frames.shift();
  }
  return { count: parts.length, bytes: concat(Buffer.from([0]), uvarint(size), ...parts) };
}

const END = Buffer.alloc(73);

/** ranges writes ranges {lo, hi, mode, …} that ascend; what lies between them is skipped, and the end is always reached. */
export function ranges(list) {
  const bounds = new Bounds();
  const out = [];
  let at = END;
  let ended = false;
  const write = (hi, mode, ...content) => out.push(bounds.encode(hi), Buffer.from([mode]), ...content);
  for (const r of list) {
    need(!ended, 'malformed', 'a range after the end');
    if (!r.lo.equals(at)) write(r.lo, 0);
    const bound = bounds.encode(r.hi);
    out.push(bound, Buffer.from([r.mode]), contentOf(r, bounds.shared));
    at = r.hi;
    ended = at.equals(END);
  }
  if (!ended) write(END, 0);
  return concat(...out);
}

function contentOf(r, shared) {
  if (r.mode === 1) return concat(uvarint(r.count), r.marks[0]);
  if (r.mode === 2) {
    const inner = new Bounds(r.lo, shared);
    return concat(uvarint(r.count), Buffer.from([r.marks.length]), ...r.cuts.map((c) => inner.encode(c)), ...r.marks);
  }
  return concat(uvarint(r.shorts.length), ...r.shorts);
}

export { END };
