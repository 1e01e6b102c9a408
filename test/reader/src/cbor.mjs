// Strict deterministic CBOR (FORMAT 1; RFC 8949 §4.2.1): one value, one encoding.
//
// A decoded value is an object {type, value, raw}: `raw` are its exact bytes. Types are
// int (BigInt), bytes, text, array (of values), map (array of [key, value]), bool, null,
// and, only where `strict` is off (exchange messages), float and other.
import { compare, concat, need, refuse } from './bytes.mjs';

const NESTING = 16;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** decode reads all of `bytes` as one value. */
export function decode(bytes, { strict = true, nesting = NESTING } = {}) {
  const d = new Decoder(Buffer.from(bytes), strict, nesting);
  const value = d.value(0);
  need(d.at === d.bytes.length, 'malformed', 'something follows the value');
  return value;
}

class Decoder {
  constructor(bytes, strict, nesting) {
    Object.assign(this, { bytes, strict, nesting, at: 0 });
  }

  take(n) {
    need(n <= this.bytes.length - this.at, 'malformed', 'CBOR ends too early');
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }

  head() {
    const initial = this.take(1)[0];
    const major = initial >> 5;
    const info = initial & 31;
    if (info < 24) return { major, info, n: BigInt(info) };
    need(info < 28, 'malformed', 'an indefinite length or a reserved head');
    const b = this.take(1 << (info - 24));
    let n = 0n;
    for (const x of b) n = (n << 8n) | BigInt(x);
    const least = [24n, 1n << 8n, 1n << 16n, 1n << 32n][info - 24];
    if (this.strict && major !== 7) need(n >= least, 'malformed', 'a head that is not the shortest');
    return { major, info, n };
  }

  value(depth) {
    const from = this.at;
    const { major, info, n } = this.head();
    const done = (type, value) => ({ type, value, raw: this.bytes.subarray(from, this.at) });
    switch (major) {
      case 0:
        return done('int', n);
      case 1:
        return done('int', -1n - n);
      case 2:
      case 3: {
        need(n <= BigInt(this.bytes.length - this.at), 'malformed', 'CBOR ends too early');
        const b = this.take(Number(n));
        return done(major === 2 ? 'bytes' : 'text', major === 2 ? b : text(b));
      }
      case 4:
        return this.array(n, depth + 1, done);
      case 5:
        return this.map(n, depth + 1, done);
      case 6:
        return refuse('malformed', 'a tag');
      default:
        return this.simple(info, n, done);
    }
  }

  open(n, depth) {
    need(depth <= this.nesting, 'malformed', `nested deeper than ${this.nesting}`);
    need(n <= BigInt(this.bytes.length - this.at), 'malformed', 'CBOR ends too early');
  }

  array(n, depth, done) {
    this.open(n, depth);
    const items = [];
    for (let i = 0n; i < n; i++) items.push(this.value(depth));
    return done('array', items);
  }

  map(n, depth, done) {
    this.open(n, depth);
    const pairs = [];
    const seen = new Set();
    for (let i = 0n; i < n; i++) {
      const key = this.value(depth);
      need(key.type !== 'array' && key.type !== 'map', 'malformed', 'an array or map as a key');
      const name = key.raw.toString('latin1');
      need(!seen.has(name), 'malformed', 'a key twice');
      seen.add(name);
      if (this.strict && i > 0n) need(compare(pairs.at(-1)[0].raw, key.raw) < 0, 'malformed', 'keys out of order');
      pairs.push([key, this.value(depth)]);
    }
    return done('map', pairs);
  }

  simple(info, n, done) {
    if (info === 20 || info === 21) return done('bool', info === 21);
    if (info === 22) return done('null', null);
    need(!this.strict, 'malformed', 'a float or another simple value');
    if (info === 24) need(n >= 32n, 'malformed', 'a simple value that is not in its form');
    return info > 24 ? done('float', n) : done('other', n);
  }
}

function text(bytes) {
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse('malformed', 'text that is not UTF-8');
  }
}

/** encode writes what decode reads: numbers, bytes, text, arrays, booleans, and a Map with unsigned keys. */
export function encode(v) {
  if (typeof v === 'boolean') return Buffer.from([v ? 0xf5 : 0xf4]);
  if (typeof v === 'string') return concat(head(3, Buffer.byteLength(v)), Buffer.from(v));
  if (v instanceof Uint8Array) return concat(head(2, v.length), v);
  if (Array.isArray(v)) return concat(head(4, v.length), ...v.map(encode));
  if (v instanceof Map) return encodeMap([...v].sort(([a], [b]) => a - b).map(([k, x]) => [k, encode(x)]));
  return v < 0 ? head(1, -1n - BigInt(v)) : head(0, v);
}

/** encodeMap writes a map of unsigned keys again from [key, raw value] pairs, which come sorted. */
export function encodeMap(pairs) {
  return concat(head(5, pairs.length), ...pairs.flatMap(([k, raw]) => [head(0, k), raw]));
}

export function head(major, n) {
  const big = BigInt(n);
  const m = major << 5;
  if (big < 24n) return Buffer.from([m | Number(big)]);
  const size = big < 1n << 8n ? 0 : big < 1n << 16n ? 1 : big < 1n << 32n ? 2 : 3;
  const b = Buffer.alloc(1 + (1 << size));
  b[0] = m | (24 + size);
  let rest = big;
  for (let i = b.length - 1; i > 0; i--, rest >>= 8n) b[i] = Number(rest & 255n);
  return b;
}
