// The key file and the small sealed files beside it, recovery sheets and escrow (FORMAT 7).
import { equal, need, refuse, sha256 } from './bytes.mjs';
import { encodeMap } from './cbor.mjs';
import { argon2, ed25519Public, hkdf, openBox } from './crypt.mjs';
import { Fields } from './fields.mjs';
import { checkName } from './request.mjs';

const NONE = Buffer.alloc(0);
const BOUNDS = { file: 65_536, slots: 64, time: 16, memory: 524_288, leastMemory: 8192, lanes: 8, box: 512 };

/** readKeyFile gives {store, slots}. */
export function readKeyFile(bytes) {
  need(bytes.length <= BOUNDS.file, 'malformed', `a key file of ${bytes.length} bytes`);
  const f = Fields.of('key file', bytes);
  const version = f.small(1);
  need(version === 1, 'newer', `version ${version}`);
  const store = f.bytes(2, { length: 16 });
  const slots = f.array(3, { most: BOUNDS.slots }).map((v) => readSlot(store, v));
  f.closed();
  const seats = slots.filter((s) => s.kind === 1).map((s) => s.seat.toString('hex'));
  need(new Set(seats).size === seats.length, 'malformed', 'two slots of one seat');
  return { store, slots };
}

function readSlot(store, value) {
  const f = new Fields('slot', value);
  const s = { kind: f.small(1), name: f.text(3), salt: f.bytes(4, { length: 16 }) };
  checkName(s.name);
  need(s.kind === 1 || s.kind === 2, 'malformed', `kind ${s.kind}`);
  if (s.kind === 1) {
    s.seat = f.bytes(2, { length: 32 });
    s.time = f.small(5, { least: 1, most: BOUNDS.time });
    s.memory = f.small(6, { least: BOUNDS.leastMemory, most: BOUNDS.memory });
    s.lanes = f.small(7, { least: 1, most: BOUNDS.lanes });
  }
  s.box = f.bytes(8, { least: 1, most: BOUNDS.box });
  f.closed();
  s.associated = sha256(store, encodeMap([...f.map].filter(([n]) => n !== 8).map(([n, v]) => [n, v.raw])));
  return s;
}

/** openSlot opens a seat's slot with its secret: {storeKey, signing, encryption}, private seeds. */
export function openSlot(slot, secret) {
  const key = argon2(Buffer.from(secret, 'utf8'), slot.salt, slot);
  const f = Fields.of('slot', openBox(key, slot.associated, slot.box, 'secret'));
  const o = { storeKey: f.bytes(1, { length: 32 }), signing: f.bytes(2, { length: 32 }), encryption: f.bytes(3, { length: 32 }) };
  need(equal(ed25519Public(o.signing), slot.seat), 'malformed', "the slot holds another seat's key");
  return o;
}

/** openBySheet opens a sheet's slot with the sheet's 160 bits. */
export function openBySheet(file, bits) {
  const key = hkdf(bits, NONE, 'hejie sheet slot v1', 32);
  for (const slot of file.slots.filter((s) => s.kind === 2)) {
    try {
      return Fields.of('slot', openBox(key, slot.associated, slot.box, 'secret')).bytes(1, { length: 32 });
    } catch (e) {
      if (e.why !== 'secret') throw e;
    }
  }
  return refuse('secret', 'this sheet opens no slot');
}

/** openLocal opens keys/machine ("machine key") and keys/unit ("unit keys"). */
export function openLocal(storeKey, label, box) {
  return openBox(hkdf(storeKey, NONE, 'hejie local v1', 32), Buffer.from(label, 'ascii'), box);
}

/** readUnitKeys gives the unit's private seeds: {reading: [oldest … newest], issuing?}. */
export function readUnitKeys(plain) {
  const f = Fields.of('unit keys', plain);
  return { reading: f.array(1).map((v) => (need(v.type === 'bytes' && v.value.length === 32, 'malformed', 'a seed'), v.value)), issuing: f.bytes(2, { must: false, length: 32 }) };
}

/** openEscrow opens the unit's keys that lie in its request: {reading, issuing?}. */
export function openEscrow(bits, escrow) {
  const f = Fields.of('escrow', openBox(hkdf(bits, NONE, 'hejie sheet v1', 32), NONE, escrow));
  return { reading: f.bytes(1, { length: 32 }), issuing: f.bytes(2, { must: false, length: 32 }) };
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** readSheet reads a recovery sheet, or a root's second one, as people type it: its 160 bits. */
export function readSheet(text, second = false) {
  const chars = [...text.toUpperCase().replace(/[-\s\u3000－—–_]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')].map((c) => ALPHABET.indexOf(c));
  need(chars.length === 40 && chars.every((c) => c >= 0), 'sheet', 'a sheet has ten groups of four letters and digits');
  let bits = 0n;
  for (let i = 0; i < 8; i++) {
    const group = chars.slice(4 * i, 4 * i + 4);
    const check = group.reduce((sum, c, power) => sum ^ times(c, power), second ? i + 8 : i);
    need(check === chars[32 + i], 'sheet', `group ${i + 1} is typed wrong`);
    for (const c of group) bits = (bits << 5n) | BigInt(c);
  }
  return Buffer.from(bits.toString(16).padStart(40, '0'), 'hex');
}

/** times is c·α^power in GF(32), α⁵ = α² + 1. */
function times(c, power) {
  let v = c;
  for (let i = 0; i < power; i++) v = (v << 1) ^ (v & 16 ? 0b100101 : 0);
  return v;
}

