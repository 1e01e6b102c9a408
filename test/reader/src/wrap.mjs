// Wraps: how a key reaches a reader (FORMAT 7).
import { equal, H, need } from './bytes.mjs';
import { encodeMap } from './cbor.mjs';
import { openHPKE, signingKey, unwrapKey, XWing } from './crypt.mjs';
import { Fields } from './fields.mjs';
import { checkPart, cut } from './frame.mjs';

const MAX_MAP = 4096;
const MAX_SEALED = 4096;
const SEALED_HPKE = 1120 + 32 + 16;

export function readWrap(frame) {
  const { suite, map, part, body } = cut(frame, MAX_MAP, MAX_SEALED);
  const id = H('hejie wrap v1', Buffer.from([suite]), map);
  const f = Fields.of('wrap', map);
  const field = (n, must = true) => f.bytes(n, { must, length: 32 });
  const w = {
    id, tree: field(1), seat: field(2), key: field(3), method: f.small(4), for: field(5), unit: field(6), owner: field(7),
    record: field(8, false), stamp: f.uint(9), hash: field(10), rule: f.small(11, { must: false, least: 1 }), sealed: body,
    associated: encodeMap([...f.map].filter(([n]) => n !== 10).map(([n, v]) => [n, v.raw])),
  };
  w.later = f.unknown().filter((n) => n <= 127);
  need(w.method <= 255 && (w.rule ?? 1) <= 255, 'newer', 'a number beyond 255');
  need(body.length > 0, 'without', 'the sealed bytes were taken away');
  need(equal(w.hash, H('hejie wrap body v1', body)), 'body', 'the sealed bytes are not those that were signed');
  signingKey(w.seat);
  need(w.method <= 4 && (w.rule ?? 1) <= 3, 'newer', `method ${w.method}, rule ${w.rule}`);
  if (w.method === 1) need(body.length === 40 && w.record !== undefined, 'malformed', 'a record key has 40 sealed bytes and its record');
  else need(w.method >= 2 && body.length === SEALED_HPKE, 'malformed', `method ${w.method} with ${body.length} sealed bytes`);
  checkPart(suite, id, w.seat, part, false);
  return w;
}

/** openWrap opens a wrap: `key` are an audience key's 32 bytes (method 1) or an XWing (2 to 4). */
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
  const name = w.method >= 3 ? new XWing(inside).name : H('hejie key v1', inside);
  need(equal(name, w.key), 'key', 'the key inside is not the one that is named');
  return inside;
}
