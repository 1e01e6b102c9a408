// Fields reads a CBOR map with small unsigned keys: known ones in the one form that FORMAT
// gives them, unknown ones kept.
import { compare, need, refuse } from './bytes.mjs';
import { decode } from './cbor.mjs';

export class Fields {
  constructor(what, value) {
    this.what = what;
    need(value.type === 'map', 'malformed', `${what} is no map`);
    this.map = new Map();
    for (const [k, v] of value.value) {
      need(k.type === 'int' && k.value >= 0n, 'malformed', `${what} has a key that is no unsigned number`);
      this.map.set(k.value <= 2n ** 53n ? Number(k.value) : k.value, v);
    }
    this.taken = new Set();
  }

  static of(what, bytes, options) {
    return new Fields(what, decode(bytes, options));
  }

  fail(n, text) {
    refuse('malformed', `${this.what}, field ${n}: ${text}`);
  }

  /** get gives the raw value of field n, or undefined. */
  get(n, must) {
    const v = this.map.get(n);
    if (v === undefined && must) this.fail(n, 'is missing');
    this.taken.add(n);
    return v;
  }

  typed(n, type, must) {
    const v = this.get(n, must);
    if (v !== undefined && v.type !== type) this.fail(n, `is ${v.type} instead of ${type}`);
    return v?.value;
  }

  uint(n, { must = true, least = 0n, most = 2n ** 64n - 1n } = {}) {
    const v = this.typed(n, 'int', must);
    if (v !== undefined && (v < BigInt(least) || v > BigInt(most))) this.fail(n, `is ${v}`);
    return v;
  }

  small(n, options = {}) {
    const v = this.uint(n, { most: 2n ** 53n, ...options });
    return v === undefined ? undefined : Number(v);
  }

  bytes(n, { must = true, length, least = 0, most = Infinity } = {}) {
    const v = this.typed(n, 'bytes', must);
    if (v !== undefined && ((length !== undefined && v.length !== length) || v.length < least || v.length > most)) this.fail(n, `has ${v.length} bytes`);
    return v;
  }

  text(n, { must = true } = {}) {
    return this.typed(n, 'text', must);
  }

  array(n, { must = true, least = 0, most = Infinity } = {}) {
    const v = this.typed(n, 'array', must);
    if (v !== undefined && (v.length < least || v.length > most)) this.fail(n, `has ${v.length} elements`);
    return v;
  }

  /** ids are 32-byte strings, sorted, without duplicates; absent is an empty list. */
  ids(n, most = Infinity) {
    const list = this.array(n, { must: false, least: 1, most });
    if (list === undefined) return [];
    const out = list.map((v) => {
      if (v.type !== 'bytes' || v.value.length !== 32) this.fail(n, 'holds something that is no id');
      return v.value;
    });
    for (let i = 1; i < out.length; i++) if (compare(out[i - 1], out[i]) >= 0) this.fail(n, 'its ids are not sorted');
    return out;
  }

  /** unknown are the keys that nobody took. */
  unknown() {
    return [...this.map.keys()].filter((k) => !this.taken.has(k));
  }

  /** closed refuses a key left over that has to be understood; those from 128 may be ignored. */
  closed() {
    const rest = this.unknown().filter((k) => k <= 127);
    if (rest.length > 0) this.fail(rest[0], 'does not belong here');
  }
}
