// Wraps: how a key reaches a reader (FORMAT 7).
import { equal, H, need } from './bytes.mjs';
import { encodeMap } from './cbor.mjs';
import { openHPKE, unwrapKey, verifyEd25519, XWing } from './crypt.mjs';
import { Fields } from './fields.mjs';

const MAX_MAP = 4096;
const SEALED_HPKE = 1120 + 32 + 16;

export function readWrap(frame) {
  need(frame.length - 64 >= 2 && frame.length - 64 <= MAX_MAP, 'malformed', `a wrap of ${frame.length} bytes`);
  need(frame[0] === 1, 'suite', `suite ${frame[0]}`);
  const map = frame.subarray(1, frame.length - 64);
  const signature = frame.subarray(frame.length - 64);
  const id = H('hejie wrap v1', frame.subarray(0, 1), map);
  const f = Fields.of('wrap', map);
  const field = (n, must = true) => f.bytes(n, { must, length: 32 });
  const w = {
    id, tree: field(1), seat: field(2), key: field(3), method: f.small(4), for: field(5), unit: field(6), owner: field(7),
    record: field(8, false), stamp: f.uint(9), sealed: f.bytes(10), rule: f.small(11, { must: false, least: 1, most: 255 }),
    associated: encodeMap([...f.map].filter(([n]) => n !== 10).map(([n, v]) => [n, v.raw])),
  };
  if (w.method === 1) need(w.sealed.length === 40 && w.record !== undefined, 'malformed', 'a record key has 40 sealed bytes and its record');
  else need((w.method === 2 || w.method === 3) && w.sealed.length === SEALED_HPKE, 'malformed', `method ${w.method} with ${w.sealed.length} sealed bytes`);
  need(verifyEd25519(w.seat, H('hejie signature v1', id), signature), 'signature', 'the signature does not fit');
  return w;
}

/** openWrap opens a wrap: `key` are an audience key's 32 bytes (method 1) or an XWing (2, 3). */
export function openWrap(w, key) {
  if (w.method === 1) {
    need(equal(H('hejie key v1', key), w.for), 'key', 'another audience key is named');
    return checked(w, unwrapKey(key, w.sealed));
  }
  need(equal(key.name, w.for), 'key', 'another public key is named');
  return checked(w, openHPKE(key, 'hejie wrap v1', w.associated, w.sealed));
}

/** checked holds what was inside against the name that the wrap gives it. */
function checked(w, inside) {
  const name = w.method === 3 ? new XWing(inside).name : H('hejie key v1', inside);
  need(equal(name, w.key), 'key', 'the key inside is not the one that is named');
  return inside;
}
