// Requests (enrolment files) and six words (FORMAT 6).
import { readFileSync } from 'node:fs';
import { equal, H, hex, need, sha256 } from './bytes.mjs';
import { encodeMap } from './cbor.mjs';
import { signingKey, verifyEd25519 } from './crypt.mjs';
import { Fields } from './fields.mjs';

const MAX_REQUEST = 16384;
const PUBLIC_KEY = 1216;
const ML_KEM_KEY = 1184;
const Q = 3329;
const PROOFS = 15;

export const unitId = (firstKey) => H('hejie unit v1', firstKey);

/** A name has 1 to 64 visible code points, without space at the ends. */
export function checkName(name) {
  const points = [...name];
  need(points.length >= 1 && points.length <= 64, 'malformed', 'a name has 1 to 64 characters');
  need(!/[\p{Cc}\p{Bidi_Control}\uFFFD]/u.test(name) && !/[\p{White_Space}]/u.test(name.replaceAll(' ', '')), 'malformed', 'a name has a character that cannot be shown');
  need(!name.startsWith(' ') && !name.endsWith(' '), 'malformed', 'a name begins or ends with a space');
}

export function checkCode(code) {
  need(/^[\x21-\x7e]{1,40}$/.test(code), 'malformed', 'a unit code');
}

export function checkRoles(roles, why = 'malformed') {
  need(roles.length >= 1 && roles.length <= 16 && roles.every((r) => /^[a-z_]{1,20}$/.test(r)), why, 'roles');
  for (let i = 1; i < roles.length; i++) need(roles[i - 1] < roles[i], why, 'roles are not sorted');
}

/** checkPublicKey holds the first 1,184 bytes to FIPS 203: 768 numbers of 12 bits below 3,329. */
export function checkPublicKey(key) {
  for (let i = 0; i < ML_KEM_KEY - 32; i += 3) {
    const a = key[i] | ((key[i + 1] & 15) << 8);
    const b = (key[i + 1] >> 4) | (key[i + 2] << 4);
    need(a < Q && b < Q, 'malformed', 'a public key that nothing can be sealed to');
  }
}

export function readRequest(raw) {
  need(raw.length <= MAX_REQUEST, 'malformed', `a request of ${raw.length} bytes`);
  const f = Fields.of('request', raw);
  const version = f.small(1);
  need(version === 1, 'newer', `version ${version}`);
  const id = (n, must) => f.bytes(n, { must, length: 32 });
  const q = { raw, kind: f.small(2), seatName: f.text(5), seat: id(7, true), encKey: f.bytes(8, { length: PUBLIC_KEY }) };
  need(q.kind >= 1 && q.kind <= 3, 'malformed', `kind ${q.kind}`);
  checkName(q.seatName);
  q.roles = f.array(6).map((r) => (need(r.type === 'text', 'malformed', 'a role'), r.value));
  checkRoles(q.roles);
  const unit = q.kind === 1;
  q.machine = id(9, unit);
  if (unit) {
    q.code = f.text(3);
    q.name = f.text(4);
    checkCode(q.code);
    checkName(q.name);
    q.reading = f.bytes(10, { length: PUBLIC_KEY });
    q.issuing = id(11, q.roles.includes('admin'));
    need(q.issuing === undefined || q.roles.includes('admin'), 'malformed', 'an issuing key without an admin');
    q.escrow = f.bytes(13, { least: 1, most: 512 });
    const demo = f.typed(14, 'bool');
    need(demo !== false, 'malformed', 'field 14 is written only where it is true');
    q.demo = demo === true;
    q.unit = unitId(q.seat);
  } else {
    q.unit = id(12, true);
  }
  const proofs = f.get(PROOFS, true);
  for (const n of f.unknown()) need(n > PROOFS, 'malformed', `field ${n} does not belong to kind ${q.kind}`);
  for (const key of [q.encKey, q.reading]) if (key) checkPublicKey(key);
  checkProofs(f, q, proofs);
  for (const n of f.unknown()) need(n > 127, 'newer', `field ${n}`);
  return q;
}

function checkProofs(f, q, proofs) {
  need(proofs.type === 'map', 'malformed', 'the proofs are no map');
  const digest = H('hejie request v1', encodeMap([...f.map].filter(([n]) => n !== PROOFS).map(([n, v]) => [n, v.raw])));
  const given = new Map(proofs.value.map(([k, v]) => {
    need(k.type === 'bytes' && k.value.length === 32 && v.type === 'bytes' && v.value.length === 64, 'malformed', 'a proof');
    return [hex(k.value), v.value];
  }));
  const keys = [q.seat, q.machine, q.issuing].filter(Boolean);
  need(given.size === keys.length, 'proof', `${keys.length} keys and ${given.size} proofs`);
  for (const key of keys) {
    const signature = given.get(hex(key));
    signingKey(key);
    need(signature && verifyEd25519(key, digest, signature), 'proof', 'a key of the request did not sign it');
  }
}

/** sixWords gives the words of `data` from the list, checked against its hash (FORMAT 6). */
export function sixWords(data, list) {
  const h = H('hejie words v1', data);
  const words = list.split('\n');
  const out = [];
  for (let i = 0; i < 6; i++) {
    let n = 0;
    for (let bit = i * 11; bit < (i + 1) * 11; bit++) n = (n << 1) | ((h[bit >> 3] >> (7 - (bit & 7))) & 1);
    out.push(words[n].split(' ')[0]);
  }
  return out.join(' ');
}

const LIST_HASH = '214740c2af86b3e405ee9bed7347c0179eb083ee1a97caf3790b31d6572ab175';

export function readWordList(path) {
  const bytes = readFileSync(path);
  need(equal(sha256(bytes), Buffer.from(LIST_HASH, 'hex')), 'malformed', 'this is another list of words');
  return bytes.toString('utf8');
}
