// Bodies: sealed, padded, compressed (FORMAT 5).
import { Decompress } from 'fzstd';
import { readFileSync } from 'node:fs';
import { concat, equal, H, need, refuse } from './bytes.mjs';
import { hkdf, openGCM, unwrapKey } from './crypt.mjs';
import { associatedOf, TREE } from './frame.mjs';

const MAX_CONTENT = 900_000;
const INSIDE = 32 + 40; // an audience key's commitment and the record key under it

/** openBody gives the content of an operation; `key` is not needed for class tree. */
export function openBody(op, key) {
  if (op.fields.class === TREE) return unpack(op.body);
  need(key && op.fields.key && equal(H('hejie key v1', key), op.fields.key), 'key', 'another key than the header names');
  need(!op.fields.keyInside || op.body.length >= INSIDE, 'key', 'no room for the key that lies inside');
  const okm = hkdf(key, op.fields.salt, 'hejie body v1', 44);
  const sealed = op.fields.keyInside ? op.body.subarray(INSIDE) : op.body;
  return unpack(openGCM(okm.subarray(0, 32), okm.subarray(32), associatedOf(op), sealed));
}

/** keyInside opens the record key that an operation bears, by its audience key. */
export function keyInside(op, audience) {
  need(op.fields.keyInside && op.body.length >= INSIDE && equal(H('hejie key v1', audience), op.body.subarray(0, 32)), 'key', 'it bears no key under this one');
  const key = unwrapKey(audience, op.body.subarray(32, INSIDE));
  need(equal(H('hejie key v1', key), op.fields.key), 'key', 'the key inside is not the one that is named');
  return key;
}

/** unpack reads the plaintext P: any number of zeros follows. */
export function unpack(p) {
  need(p.length > 0, 'content', 'nothing');
  const kind = p[0];
  need(kind <= 2, 'newer', `compression ${kind}`);
  let at = 1;
  const length = (most) => {
    let n = 0n;
    for (let shift = 0n; ; shift += 7n) {
      need(at < p.length && shift < 64n, 'content', 'a length that goes on');
      const b = p[at++];
      n |= BigInt(b & 127) << shift;
      if (b < 128) {
        need(b !== 0 || shift === 0n, 'content', 'a length in a longer form');
        break;
      }
    }
    need(n <= BigInt(most), 'content', `a length of ${n}`);
    return Number(n);
  };
  const full = length(MAX_CONTENT);
  const stored = kind === 0 ? full : length(p.length);
  need(at + stored <= p.length, 'content', 'stored beyond the end');
  const body = p.subarray(at, at + stored);
  need(p.subarray(at + stored).every((b) => b === 0), 'content', 'the padding is not zeros');
  if (kind === 0) return Buffer.from(body);
  const blocks = blocksOf(body, full);
  const before = kind === 1 ? Buffer.alloc(0) : dictionary();
  return inflateWith(before, blocks, full);
}

/** blocksOf holds what is stored to the one form of frame: a single segment that says its length, blocks to the last one, nothing after (FORMAT 5). It gives the blocks. */
function blocksOf(body, full) {
  need(body.length >= 6 && body.readUInt32LE(0) === 0xfd2fb528, 'content', 'no zstd frame');
  const sizes = { 0x20: 1, 0x60: 2, 0xa0: 4, 0xe0: 8 }[body[4]];
  need(sizes, 'content', `a frame of another form: descriptor ${body[4]}`);
  let at = 5 + sizes;
  need(body.length >= at, 'content', 'no length');
  let says = 0n;
  for (let i = sizes - 1; i >= 0; i--) says = (says << 8n) | BigInt(body[5 + i]);
  if (sizes === 2) says += 256n;
  need(says === BigInt(full), 'content', `the frame says ${says} instead of ${full}`);
  const start = at;
  for (let last = false; !last; ) {
    need(at + 3 <= body.length, 'content', 'no last block');
    const head = body.readUIntLE(at, 3);
    const type = (head >> 1) & 3;
    need(type !== 3, 'content', 'a reserved block');
    last = (head & 1) === 1;
    at += 3 + (type === 1 ? 1 : head >> 3);
    need(at <= body.length, 'content', 'a block beyond the end');
  }
  need(at === body.length, 'content', 'something follows the last block');
  return body.subarray(start);
}

let dictionary1;
function dictionary() {
  dictionary1 ??= readFileSync(new URL('../../vectors/dictionary1.bin', import.meta.url));
  return dictionary1;
}

/** inflateWith decompresses blocks that have a dictionary before their first byte: the same blocks after one that holds the dictionary as it is (RFC 8878 3.1.1). */
function inflateWith(before, blocks, full) {
  const start = Buffer.alloc(before.length > 0 ? 12 : 9);
  start.writeUInt32LE(0xfd2fb528, 0);
  start[4] = 0xa0;
  start.writeUInt32LE(before.length + full, 5);
  if (before.length > 0) start.writeUIntLE(before.length << 3, 9, 3);
  return inflate(concat(start, before, blocks), before.length + full).subarray(before.length);
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
