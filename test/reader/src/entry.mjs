// Log entries and their items (FORMAT 6).
import { compare, equal, H, need, refuse } from './bytes.mjs';
import { openBody } from './body.mjs';
import { matches, readCert, signedBy } from './cert.mjs';
import { decode } from './cbor.mjs';
import { verifyEd25519 } from './crypt.mjs';
import { Fields } from './fields.mjs';
import { TREE } from './frame.mjs';
import { checkCode, checkName, checkPublicKey, readRequest } from './request.mjs';
import { isDate } from './types.mjs';

const MAX_ENTRY = 524_288;
const MAX_ITEMS = 64;

/** readEntry reads an operation of class tree: {unit, branch, items}. An item that can't be read is {type, unknown}. */
export function readEntry(op) {
  need(op.fields.class === TREE, 'malformed', 'no entry of a log');
  return { op, unit: op.fields.owner, branch: op.fields.branch, previous: op.fields.heads[0], items: readItems(openBody(op)) };
}

export function readItems(content) {
  need(content.length <= MAX_ENTRY, 'malformed', `an entry of ${content.length} bytes`);
  const f = new Fields('entry', decode(content));
  const items = f.array(1, { most: MAX_ITEMS });
  f.closed();
  return items.map((v) => {
    let type = 0;
    try {
      type = new Fields('item', v).small(1);
      return readItem(type, v);
    } catch (e) {
      if (!e.why) throw e;
      return { type, unknown: true, why: e.why };
    }
  });
}

function readItem(type, value) {
  const f = new Fields('item', value);
  f.get(1, true);
  const read = { 1: admit, 2: seat, 3: name, 4: relation, 5: writer, 6: readingKey, 7: revoke, 8: move, 9: side, 10: table, 11: matchingKey, 12: issuingKey, 13: successor, 14: pinsItem, 15: rules, 16: secondRoot, 17: anchors }[type];
  if (!read) refuse('unknown', `an item of type ${type}`);
  const item = { type, ...read(f) };
  f.closed();
  return item;
}

function asked(f, kinds) {
  const request = readRequest(f.bytes(2, { least: 1, most: 16384 }));
  need(kinds.includes(request.kind), 'malformed', `a request of kind ${request.kind}`);
  const certs = f.array(4, { least: 1, most: 3 }).map((v) => (need(v.type === 'bytes', 'malformed', 'a certificate'), readCert(v.value)));
  return { request, certs };
}

function admit(f) {
  const { request, certs } = asked(f, [1]);
  const parent = f.bytes(5, { must: false, length: 32 });
  const segment = f.bytes(3, { length: parent ? 2 : 0 });
  need(!parent || segment.some((b) => b !== 0), 'malformed', 'a segment of zeros');
  const byParent = f.small(6, { most: 1 }) === 1;
  need(parent || !byParent, 'malformed', 'a root has no parent');
  const promise = f.bytes(7, { must: !parent, length: 32 });
  need(!parent || !promise, 'malformed', 'only a root promises a reserve key');
  need(certs.length === (request.issuing ? 3 : 2), 'malformed', `${certs.length} certificates`);
  const [person, machine, issuing] = certs;
  matches(person, { kind: 'seat', unit: request.unit, name: request.seatName, key: request.seat, roles: request.roles });
  matches(machine, { kind: 'machine', unit: request.unit, name: request.name, key: request.machine });
  if (issuing) matches(issuing, { kind: 'admin', unit: request.unit, name: request.name, key: request.issuing });
  return { request, parent, segment, byParent, person, machine, issuing, promise };
}

function seat(f) {
  const { request, certs } = asked(f, [1, 2, 3]);
  need(certs.length === (request.machine ? 2 : 1), 'malformed', `${certs.length} certificates`);
  const [person, machine] = certs;
  const unit = request.kind === 1 ? person.unit : request.unit;
  matches(person, { kind: 'seat', unit, name: request.seatName, key: request.seat, roles: request.roles });
  if (machine) matches(machine, { kind: 'machine', unit, name: machine.name, key: request.machine });
  return { request, person, machine };
}

function day(f, n) {
  const d = f.text(n);
  need(isDate(d), 'malformed', `${d} is no day`);
  return d;
}

function name(f) {
  const item = { code: f.text(2), name: f.text(3), day: day(f, 4) };
  checkCode(item.code);
  checkName(item.name);
  return item;
}

const relation = (f) => ({ unit: f.bytes(2, { length: 32 }), kind: f.small(3, { least: 1, most: 4 }), day: day(f, 4) });
const writer = (f) => ({ seat: f.bytes(2, { length: 32 }), ownBranch: f.small(3, { must: false, least: 1, most: 1 }) === 1 });
function side(f) {
  const entry = f.bytes(2, { must: false, length: 32 });
  if (entry) return { entry };
  const [id, index, ...more] = f.array(3);
  need(id?.type === 'bytes' && id.value.length === 32 && index?.type === 'int' && index.value >= 0n && index.value < BigInt(MAX_ITEMS) && more.length === 0, 'malformed', 'no place of an item');
  return { voids: { entry: id.value, index: Number(index.value) } };
}

const MAX_PINS = 2048;

/** pins reads [[seat, epoch, owner, class, number, id, root] …], ascending by lane, each lane once. */
function pins(f, n, least) {
  const list = f.array(n, { least, most: MAX_PINS }).map((v) => {
    need(v.type === 'array' && v.value.length === 7, 'malformed', 'a pin');
    const [seat, epoch, owner, lane, number, id, root] = v.value;
    for (const [x, length] of [[seat, 32], [epoch, 8], [owner, 32], [id, 32], [root, 32]]) need(x.type === 'bytes' && x.value.length === length, 'malformed', 'a part of a pin');
    need(lane.type === 'int' && lane.value >= 1n && lane.value <= 15n && number.type === 'int' && number.value >= 1n && number.value <= 2n ** 53n, 'malformed', 'class or number of a pin');
    return { order: Buffer.concat([seat.value, epoch.value, owner.value, Buffer.from([Number(lane.value)])]), number: number.value, id: id.value, root: root.value };
  });
  for (let i = 1; i < list.length; i++) need(compare(list[i - 1].order, list[i].order) < 0, 'malformed', 'pins are not sorted');
  return list;
}

const code = (text, most) => need(text.length >= 1 && text.length <= most && /^[a-z_]+$/.test(text), 'malformed', `the code ${text}`);

function revoke(f) {
  const t = new Fields('target', f.get(2, true));
  const kind = t.small(1, { least: 1, most: 3 });
  const id = t.bytes(2, { length: 32 });
  const role = kind === 2 ? t.text(3) : undefined;
  if (role !== undefined) code(role, 20);
  t.closed();
  const reason = f.text(3);
  code(reason, 40);
  return { kind, id, role, reason, pins: pins(f, 4, 0) };
}

const certs = (f, n, least) => f.array(n, { least, most: 100 }).map((v) => (need(v.type === 'bytes', 'malformed', 'a certificate'), readCert(v.value)));

function issuingCert(f, n) {
  const c = readCert(f.bytes(n, { least: 1, most: 4096 }));
  need(c.kind === 'admin', 'malformed', 'no issuing certificate');
  return c;
}

function segmentOf(f, n) {
  const s = f.bytes(n, { length: 2 });
  need(s.some((b) => b !== 0), 'malformed', 'a segment of zeros');
  return s;
}

function move(f) {
  const parent = f.bytes(2, { length: 32 });
  if (!f.get(3, false)) return { parent };
  return { parent, segment: segmentOf(f, 3), byParent: f.small(4, { most: 1 }) === 1, certs: certs(f, 5, 1) };
}

function issuingKey(f) {
  const item = { cert: issuingCert(f, 2), certs: certs(f, 3, 0), from: f.bytes(4, { must: false, length: 32 }) };
  if (!item.from) return item;
  const [promise, reserve, signature] = [f.bytes(5, { length: 32 }), f.bytes(6, { length: 32 }), f.bytes(7, { length: 64 })];
  signedBy(item.cert, item.cert.key);
  need(verifyEd25519(reserve, H('hejie issuing key v1', item.cert.unit, item.from, item.cert.key, promise), signature), 'malformed', 'the reserve key did not sign');
  return { ...item, promise, reserve };
}

const successor = (f) => ({ unit: f.bytes(2, { length: 32 }), day: day(f, 3) });
const pinsItem = (f) => ({ pins: pins(f, 2, 1) });
const rules = (f) => ({ number: f.uint(2, { least: 1, most: 2n ** 53n }) });

function secondRoot(f) {
  const item = { tree: f.bytes(2, { length: 32 }), cert: issuingCert(f, 3), relation: f.small(4, { least: 1, most: 3 }) };
  need(equal(item.cert.unit, item.tree), 'malformed', 'a certificate of another root');
  signedBy(item.cert, item.cert.key);
  return item.relation === 3 ? item : { ...item, segment: segmentOf(f, 5) };
}

const anchors = (f) => ({ suite: f.small(2, { least: 2, most: 255 }), pins: pins(f, 3, 1), key: f.bytes(4, { least: 1, most: 8192 }), signature: f.bytes(5, { least: 1, most: 65_536 }) });

/** stopsBy tells whether an item stops what rests on it (FORMAT 6). */
export const stopsBy = (item) => (item.unknown ? item.type <= 31 : [7, 8, 12, 13, 14, 16].includes(item.type));

/** toldOf tells whether an item has no effect and a person is told. */
export const toldOf = (item) => (item.unknown ? item.type > 31 && item.type <= 127 : item.type === 17);

function readingKey(f) {
  const item = { public: f.bytes(2, { length: 1216 }), signature: f.bytes(3, { length: 64 }), seat: f.bytes(4, { length: 32 }) };
  checkPublicKey(item.public);
  return item;
}

function table(f) {
  const item = { name: f.text(2), version: f.uint(3, { least: 1, most: 2n ** 53n }), day: day(f, 4), content: f.bytes(5, { least: 1, most: 262_144 }) };
  need(/^[a-z][a-z0-9_]{0,39}$/.test(item.name), 'malformed', 'a name that no table has');
  return item;
}

const matchingKey = (f) => ({ key: f.bytes(2, { length: 32 }), for: f.bytes(3, { length: 32 }), sealed: f.bytes(4, { length: 1168 }) });

export const sameId = (a, b) => (a === undefined || b === undefined ? a === b : equal(a, b));
