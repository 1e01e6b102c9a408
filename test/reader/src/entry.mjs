// Log entries and their items (FORMAT 6).
import { equal, need, refuse } from './bytes.mjs';
import { openBody } from './body.mjs';
import { matches, readCert } from './cert.mjs';
import { decode } from './cbor.mjs';
import { Fields } from './fields.mjs';
import { TREE } from './frame.mjs';
import { checkCode, checkName, checkPublicKey, readRequest } from './request.mjs';

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
  return f.array(1, { most: MAX_ITEMS }).map((v) => {
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
  const read = { 1: admit, 2: seat, 3: name, 4: relation, 5: writer, 6: readingKey, 9: side, 10: table, 11: matchingKey }[type];
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
  need(certs.length === (request.issuing ? 3 : 2), 'malformed', `${certs.length} certificates`);
  const [person, machine, issuing] = certs;
  matches(person, { kind: 'seat', unit: request.unit, name: request.seatName, key: request.seat, roles: request.roles });
  matches(machine, { kind: 'machine', unit: request.unit, name: request.name, key: request.machine });
  if (issuing) matches(issuing, { kind: 'admin', unit: request.unit, name: request.name, key: request.issuing });
  return { request, parent, segment, byParent, person, machine, issuing };
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
  const t = new Date(`${d}T00:00:00Z`);
  need(/^\d{4}-\d\d-\d\d$/.test(d) && !Number.isNaN(t.getTime()) && t.toISOString().startsWith(d), 'malformed', `${d} is no day`);
  return d;
}

function name(f) {
  const item = { code: f.text(2), name: f.text(3), day: day(f, 4) };
  checkCode(item.code);
  checkName(item.name);
  return item;
}

const relation = (f) => ({ unit: f.bytes(2, { length: 32 }), kind: f.small(3, { least: 1, most: 3 }), day: day(f, 4) });
const writer = (f) => ({ seat: f.bytes(2, { length: 32 }), ownBranch: f.small(3, { must: false, least: 1, most: 1 }) === 1 });
const side = (f) => ({ entry: f.bytes(2, { length: 32 }) });

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
