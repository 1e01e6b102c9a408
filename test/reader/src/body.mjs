// Bodies: sealed, padded, compressed (FORMAT 5).
import { Decompress } from 'fzstd';
import { Cursor, equal, H, need, refuse } from './bytes.mjs';
import { hkdf, openGCM } from './crypt.mjs';
import { associatedOf, TREE } from './frame.mjs';

const MAX_CONTENT = 900_000;

/** openBody gives the content of an operation; `key` is not needed for class tree. */
export function openBody(op, key) {
  if (op.fields.class === TREE) return unpack(op.body, false);
  need(key && equal(H('hejie key v1', key), op.fields.key), 'key', 'another key than the header names');
  const okm = hkdf(key, op.fields.salt, 'hejie body v1', 44);
  return unpack(openGCM(okm.subarray(0, 32), okm.subarray(32), associatedOf(op), op.body), true);
}

function padded(n) {
  const step = n <= 1024 ? 32 : n <= 8192 ? 128 : 1024;
  return Math.ceil(n / step) * step;
}

/** unpack reads the plaintext P. */
export function unpack(p, pad) {
  const c = new Cursor(p);
  need(p.length >= 9, 'content', 'shorter than its head');
  const kind = c.byte();
  const [full, stored] = [c.u32(), c.u32()];
  need(full <= MAX_CONTENT && stored <= c.left, 'content', `lengths ${full} and ${stored}`);
  need(p.length === (pad ? padded(9 + stored) : 9 + stored), 'content', 'the padding is not to the next step');
  const body = c.take(stored);
  need(c.take(c.left).every((b) => b === 0), 'content', 'the padding is not zeros');
  if (kind === 0) {
    need(full === stored, 'content', 'the two lengths differ');
    return Buffer.from(body);
  }
  need(kind === 1, 'content', `compression ${kind}`);
  return inflate(body, full);
}

/** inflate decompresses zstd of exactly `full` bytes, and stops as soon as more come. */
export function inflate(body, full) {
  const parts = [];
  let size = 0;
  const stream = new Decompress((part) => {
    size += part.length;
    need(size <= full, 'content', 'more than it says');
    parts.push(Buffer.from(part));
  });
  try {
    stream.push(body, true);
  } catch (e) {
    refuse('content', `compressed content: ${e.message}`);
  }
  need(size === full, 'content', 'less than it says');
  return Buffer.concat(parts);
}
