// Bytes, the hash H of FORMAT 1, and the one error by which everything here refuses.
import { createHash } from 'node:crypto';

/** Refusal tells that bytes are not what FORMAT says; `why` is one of the words that vectors expect. */
export class Refusal extends Error {
  constructor(why, text) {
    super(`${why}: ${text}`);
    this.why = why;
  }
}

export function refuse(why, text) {
  throw new Refusal(why, text);
}

export function need(condition, why, text) {
  if (!condition) refuse(why, text);
}

export const hex = (bytes) => Buffer.from(bytes).toString('hex');

export function unhex(text) {
  need(typeof text === 'string' && /^([0-9a-f]{2})*$/.test(text), 'malformed', 'not lower-case hexadecimal');
  return Buffer.from(text, 'hex');
}

export const concat = (...parts) => Buffer.concat(parts.map((p) => Buffer.from(p)));
export const equal = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;
export const compare = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

export function u32(n) {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(n);
  return b;
}

export function u64(n) {
  const b = Buffer.alloc(8);
  b.writeBigUInt64BE(BigInt(n));
  return b;
}

export const sha256 = (...parts) => {
  const h = createHash('sha256');
  for (const p of parts) h.update(p);
  return h.digest();
};

/** H(d, x…) of FORMAT 1. */
export const H = (domain, ...parts) => sha256(Buffer.from(domain, 'ascii'), Buffer.from([0]), ...parts);

/** uvarint of format-exchange 3, written. */
export function uvarint(n) {
  const out = [];
  for (; n >= 128; n = Math.floor(n / 128)) out.push(128 | (n % 128));
  return Buffer.from([...out, n]);
}

/** Cursor reads bytes from the front and never beyond the end. */
export class Cursor {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  get left() {
    return this.bytes.length - this.at;
  }

  take(n) {
    need(n >= 0 && n <= this.left, 'malformed', `${n} bytes wanted and ${this.left} left`);
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }

  byte() {
    return this.take(1)[0];
  }

  u16() {
    return this.take(2).readUInt16BE();
  }

  u32() {
    return this.take(4).readUInt32BE();
  }

  u64() {
    return this.take(8).readBigUInt64BE();
  }

  /** uvarint of format-exchange 3: shortest form only. */
  uvarint() {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const b = this.byte();
      value |= BigInt(b & 0x7f) << shift;
      need(value < 1n << 64n && shift < 70n, 'malformed', 'a number over 64 bits');
      if (b < 0x80) {
        need(b !== 0 || shift === 0n, 'malformed', 'a number that is not in its shortest form');
        return value;
      }
    }
  }

  count(most = Number.MAX_SAFE_INTEGER) {
    const n = this.uvarint();
    need(n <= BigInt(most), 'malformed', `a count of ${n}`);
    return Number(n);
  }
}
