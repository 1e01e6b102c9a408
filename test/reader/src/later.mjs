// What is kept for later: proofs that an operation lies in a pinned lane, chunks and lists of attachments (FORMAT 2, 5, 6).
import { createHash } from 'node:crypto';
import { concat, equal, H, need } from './bytes.mjs';
import { openGCM } from './crypt.mjs';
import { Fields } from './fields.mjs';

const sha256 = (...parts) => createHash('sha256').update(concat(...parts)).digest();
const CHUNK = 262_144;

/** readProof reads a proof and follows its path to the pin's root (RFC 6962 2.1.1). */
export function readProof(bytes) {
  need(bytes.length <= 4096, 'proof', 'too long');
  const f = Fields.of('proof', bytes);
  const pin = f.array(1);
  const number = f.uint(2);
  const id = f.bytes(3, { length: 32 });
  const path = (f.array(4, { must: false, least: 1 }) ?? []).map((v) => (need(v.type === 'bytes' && v.value.length === 32, 'malformed', 'a hash'), v.value));
  need(pin.length === 7 && pin[4].type === 'int' && pin[5].value.length === 32 && pin[6].value.length === 32, 'malformed', 'a pin');
  const [last, end, root] = [pin[4].value, pin[5].value, pin[6].value];
  need(pin[3].type === 'int' && pin[3].value >= 1n && pin[3].value <= 15n, 'proof', 'no class of a lane');
  need(number >= 1n && number <= last && last <= 2n ** 53n && path.length <= 53, 'proof', 'no such number');
  need(number !== last || equal(id, end), 'proof', 'the pin names another');
  // From the leaf up: which side its sibling is on, and where the tree has none.
  let [at, width, hash, used] = [number - 1n, last - 1n, sha256(Buffer.from([0]), id), 0];
  while (width > 0n) {
    if (at & 1n || at === width) {
      while (!(at & 1n) && width > 0n) [at, width] = [at >> 1n, width >> 1n];
      if (width === 0n) break;
      need(used < path.length, 'proof', 'the path ends early');
      hash = sha256(Buffer.from([1]), path[used++], hash);
    } else {
      need(used < path.length, 'proof', 'the path ends early');
      hash = sha256(Buffer.from([1]), hash, path[used++]);
    }
    [at, width] = [at >> 1n, width >> 1n];
  }
  need(used === path.length && equal(hash, root), 'proof', 'it leads to another root');
  return { number, id, root };
}

/** openChunk opens a chunk at its place. */
export function openChunk(key, piece, place, last) {
  const size = piece.length - 16;
  need(size >= 1 && size <= CHUNK && (last || size === CHUNK), 'malformed', `a chunk of ${size} bytes`);
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(place), 3);
  nonce[11] = last ? 1 : 0;
  return openGCM(key, nonce, Buffer.alloc(0), piece);
}

/** readList holds a list of chunks to what the operation says of it. */
export function readList(list, chunks, bytes) {
  need(list.length === chunks * 32 && chunks >= 1 && chunks <= 32_000, 'malformed', `a list of ${list.length} bytes`);
  need(bytes > (chunks - 1) * CHUNK && bytes <= chunks * CHUNK, 'malformed', `${bytes} bytes in ${chunks} chunks`);
}

export const pieceId = (bytes) => H('hejie piece v1', bytes);
