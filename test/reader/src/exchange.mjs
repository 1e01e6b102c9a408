// Exchange messages (docs/format-exchange.md): requests, responses, batches, ranges, wants, proofs.
import { compare, concat, Cursor, equal, H, need, sha256, u64 } from './bytes.mjs';
import { inflate } from './body.mjs';
import { Fields } from './fields.mjs';

const KEY = 73;
const ZERO = Buffer.alloc(KEY);
export const MAX_BATCH = (1 << 20) + 16;
const MAX_RECONCILE = 256 << 10;
const MAX_RECEIPTS = 512 << 10;
const MAX_INTRODUCTION = 256 << 10;
const MAX_MESSAGE = MAX_BATCH + MAX_RECONCILE + MAX_RECEIPTS + (64 << 10);
const MAX_FRAME = 1 << 20;
export const VERSION = 2;

const open = { strict: false, nesting: 8 };

function message(bytes) {
  need(bytes.length <= MAX_MESSAGE, 'malformed', `a message of ${bytes.length} bytes`);
  const f = Fields.of('message', bytes, open);
  const least = f.small(1, { least: 1 });
  const most = f.small(23, { must: false }) ?? least;
  need(most >= least, 'malformed', `versions ${least} to ${most}`);
  need(least <= VERSION && most >= VERSION, 'version', `versions ${least} to ${most}`);
  return f;
}

/** understood holds a message whose keys were all asked for to its ranges: others to 127 had to be understood. */
function understood(f, out) {
  const foreign = f.unknown().filter((n) => n <= 127);
  need(foreign.length === 0, 'version', `keys ${foreign}`);
  return out;
}

function blobs(f, n, most) {
  const list = (f.array(n, { must: false, most: 1 << 16 }) ?? []).map((v) => (need(v.type === 'bytes', 'malformed', `field ${n}`), v.value));
  need(list.reduce((sum, b) => sum + b.length, 0) <= most, 'malformed', `field ${n} is over its limit`);
  return list;
}

const some = { must: false };
const of16 = { must: false, length: 16 };

/** readRequest reads what the initiator says. */
export function readRequest(bytes) {
  const f = message(bytes);
  const held = f.bytes(16, some) ?? Buffer.alloc(0);
  need(held.length % 8 === 0, 'malformed', 'short names have 8 bytes');
  const audit = f.get(19) && new Fields('audit', f.get(19));
  const settled = f.bytes(25, some) ?? Buffer.alloc(0);
  need(settled.length % 8 === 0, 'malformed', 'short names have 8 bytes');
  return understood(f, {
    kind: f.small(2), tree: f.bytes(3, { must: false, length: 8 }), nonce: f.bytes(4, of16), theirs: f.bytes(5, of16),
    logs: f.bytes(6, of16), data: f.bytes(7, of16), receipts: f.bytes(8, of16), logCount: f.uint(9, some) ?? 0n, dataCount: f.uint(10, some) ?? 0n,
    frames: blobs(f, 11, MAX_INTRODUCTION), phase: f.small(12, some), reconcile: f.bytes(13, { must: false, most: MAX_RECONCILE }),
    batch: f.bytes(14, some), wants: f.bytes(15, { must: false, most: MAX_RECONCILE }), held, askHeld: f.typed(17, 'bool') === true,
    news: blobs(f, 18, MAX_RECEIPTS), tell: f.typed(20, 'bool') === true,
    audit: audit && { nonce: audit.bytes(1, { length: 16 }), lo: audit.bytes(2, { length: KEY }), hi: audit.bytes(3, { length: KEY }) },
    cargo: f.typed(24, 'bool') === true, settled, grease: grease(f),
  });
}

/** readResponse reads what the responder says. */
export function readResponse(bytes) {
  const f = message(bytes);
  const lacks = f.bytes(16, some) ?? Buffer.alloc(0);
  need(lacks.length % 8 === 0, 'malformed', 'short names have 8 bytes');
  return understood(f, {
    code: f.small(2, some) ?? 0, sentence: f.text(3, some), nonce: f.bytes(4, of16), differ: f.small(5, some) ?? 0, proof: f.bytes(6, of16),
    logCount: f.uint(9, some) ?? 0n, dataCount: f.uint(10, some) ?? 0n, frames: blobs(f, 11, MAX_INTRODUCTION), phase: f.small(12, some),
    reconcile: f.bytes(13, { must: false, most: 2 * MAX_RECONCILE }), batch: f.bytes(14, some), next: f.bytes(15, { must: false, length: KEY }),
    lacks, news: blobs(f, 18, MAX_RECEIPTS), audit: f.bytes(19, of16), marks: f.bytes(20, { must: false, length: 48 }),
    outcomes: f.bytes(21, some), refusals: f.array(22, { must: false, most: 100 }) ?? [],
    cargo: f.typed(24, 'bool') === true, grease: grease(f),
  });
}

/** grease counts the keys 128 to 227: every message has one. */
const grease = (f) => f.unknown().filter((n) => n >= 128 && n <= 227).length;

/** readBatch gives the frames of a batch: [{kind, bytes}]. */
export function readBatch(bytes) {
  const c = new Cursor(bytes);
  const compression = c.byte();
  const full = c.count(MAX_BATCH);
  need(compression <= 1, 'malformed', `compression ${compression}`);
  const content = compression === 0 ? c.take(c.left) : inflate(c.take(c.left), full);
  need(content.length === full, 'malformed', 'a batch of another length than it says');
  const in_ = new Cursor(content);
  const frames = [];
  while (in_.left > 0) {
    const kind = in_.byte();
    frames.push({ kind, bytes: in_.take(in_.count(MAX_FRAME)) });
  }
  return frames;
}

export const saltOf = (initiator, responder) => H('hejie salt v1', initiator, responder).subarray(0, 16);
export const receiptName = (salt, receipt) => H('hejie receipt name v1', salt, sha256(receipt)).subarray(0, 8);
export const shortId = (salt, id) => H('hejie short id v1', salt, id).subarray(0, 6);

/** proofOf is what "in step" is said with: both fingerprints and all receipts. */
export function proofOf(salt, logs, data, receipts) {
  const hashes = receipts.map((r) => sha256(r)).sort(compare);
  return H('hejie in step v1', salt, u64(logs.count), logs.sum, u64(data.count), data.sum, ...hashes).subarray(0, 16);
}

export function receiptsMark(salt, receipts) {
  return H('hejie receipts v1', salt, ...receipts.map((r) => sha256(r)).sort(compare)).subarray(0, 16);
}

// --- reconcile messages and wants -------------------------------------------------

const zigzag = (n) => (n < 0 ? -2 * n - 1 : 2 * n);
const unzigzag = (z) => (z & 1 ? -(z + 1) / 2 : z / 2);

/** Bounds reads and writes bounds, each against the one before. */
export class Bounds {
  constructor(prev = ZERO, shared = 0) {
    Object.assign(this, { prev, shared });
  }

  encode(key) {
    let shared = 0;
    while (shared < KEY && key[shared] === this.prev[shared]) shared++;
    let last = KEY;
    while (last > shared && key[last - 1] === 0) last--;
    const fresh = last - shared;
    const z = zigzag(shared - this.shared);
    const head = [(Math.min(z, 31) << 3) | Math.min(fresh, 7)];
    if (z >= 31) head.push(shared);
    if (fresh >= 7) head.push(fresh);
    this.prev = key;
    this.shared = shared;
    return concat(Buffer.from(head), key.subarray(shared, last));
  }

  read(c) {
    const from = c.at;
    const head = c.byte();
    const z = head >> 3;
    const shared = z === 31 ? c.byte() : this.shared + unzigzag(z);
    let fresh = head & 7;
    if (fresh === 7) fresh = c.byte();
    need(shared >= 0 && shared + fresh <= KEY, 'malformed', 'a bound longer than a key');
    const key = concat(this.prev.subarray(0, shared), c.take(fresh), Buffer.alloc(KEY - shared - fresh));
    need(equal(this.encode(key), c.bytes.subarray(from, c.at)), 'malformed', 'a bound that is not written the shortest way');
    return key;
  }
}

const isEnd = (key) => equal(key, ZERO);

/** readRanges cuts a reconcile message, or wants, into its ranges [lo, hi) with mode and content. */
export function readRanges(bytes) {
  const c = new Cursor(bytes);
  const bounds = new Bounds();
  const ranges = [];
  let lo = ZERO;
  let ended = false;
  while (c.left > 0) {
    need(!ended, 'malformed', 'something follows the end');
    const hi = bounds.read(c);
    ended = isEnd(hi);
    need(ended || compare(lo, hi) < 0, 'malformed', 'bounds that do not ascend');
    ranges.push({ lo, hi, ...content(c, bounds.shared, lo, hi) });
    lo = hi;
  }
  return { ranges, covered: lo };
}

function content(c, shared, lo, hi) {
  const mode = c.byte();
  switch (mode) {
    case 0:
    case 5:
      return { mode };
    case 1:
      return { mode, count: c.count(2 ** 48), marks: [c.take(6)] };
    case 2: {
      const count = c.count(2 ** 48);
      const n = c.byte();
      need(n >= 2 && n <= 64 && n <= count, 'malformed', `a split into ${n} parts`);
      const inner = new Bounds(lo, shared);
      const cuts = [];
      for (let i = 1; i < n; i++) {
        const cut = inner.read(c);
        need(compare(cuts.at(-1) ?? lo, cut) < 0 && !isEnd(cut) && (isEnd(hi) || compare(cut, hi) < 0), 'malformed', 'parts that do not ascend');
        cuts.push(cut);
      }
      return { mode, count, cuts, marks: Array.from({ length: n }, () => c.take(6)) };
    }
    case 3:
    case 6:
      return { mode, shorts: shorts(c) };
    case 4: {
      const listed = c.count(8 * c.bytes.length);
      return { mode, listed, lacks: c.take(Math.ceil(listed / 8)), shorts: shorts(c) };
    }
    default:
      return need(false, 'malformed', `mode ${mode}`);
  }
}

const shorts = (c) => Array.from({ length: c.count(Math.floor(c.left / 6)) }, () => c.take(6));

export const partCount = (count, n, i) => Math.floor((count * (i + 1)) / n) - Math.floor((count * i) / n);
