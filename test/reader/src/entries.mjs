// Entry keys and fingerprints (FORMAT 8), from nothing but frames and the tree that their logs give.
import { compare, concat, equal, H, hex, u64 } from './bytes.mjs';
import { CASE, DIGEST, ERASURE, TREE } from './frame.mjs';
import { isPersonOf, lineOf, mastersAt, mastersEver, parentOf, pathOfUnit, stationAt, stationsEver, unitOfHeads, unitOfSeat } from './tree.mjs';

const ROOT = Buffer.alloc(16);
const entryClass = { tree: 1, wrap: 2, digest: 3, case: 4, later: 5 };

function levels(p) {
  let n = 0;
  while (n < 8 && (p[2 * n] !== 0 || p[2 * n + 1] !== 0)) n++;
  return n;
}

const above = (p, q) => equal(p.subarray(0, 2 * levels(p)), q.subarray(0, 2 * levels(p)));

function common(p, q) {
  let n = 0;
  while (n < Math.min(levels(p), levels(q)) && p[2 * n] === q[2 * n] && p[2 * n + 1] === q[2 * n + 1]) n++;
  return n;
}

/** onWay: does unit u lie on the tree's way from s to a, both ends included? */
export const onWay = (u, s, a) => (above(u, s) || above(u, a)) && levels(u) >= common(s, a);

/** goesTo: to which units an entry goes. */
export function goesTo(key, u) {
  const [audience, owner] = [key.subarray(1, 17), key.subarray(17, 33)];
  return key[0] === entryClass.tree ? above(u, audience) || above(audience, u) : onWay(u, owner, audience);
}

const key = (cls, audience, owner, stamp, id) => concat(Buffer.from([cls]), audience, owner, u64(stamp), id);

/** Units is a set of ids of units. */
class Units extends Map {
  constructor(...ids) {
    super(ids.filter(Boolean).map((id) => [hex(id), id]));
  }

  /** with adds ids and tells whether one was new. */
  with(ids) {
    const before = this.size;
    for (const id of ids) if (id) this.set(hex(id), id);
    return this.size > before;
  }
}

/** entriesOf gives all entry keys of operations and wraps, sorted. */
export function entriesOf(tree, operations, wraps) {
  const records = recordsOf(tree, operations);
  const links = linksOf(tree, records);
  const keys = [];
  const add = (cls, places, what, stamp = what.fields.stamp) => {
    for (const [audience, owner] of places) keys.push(key(cls, audience, owner, stamp, what.id));
  };
  for (const r of records.values()) {
    const places = placesOf(tree, r, records);
    for (const op of r.placed) add(r.first.fields.class === DIGEST ? entryClass.digest : entryClass.case, places, op);
  }
  for (const op of operations) {
    const { class: cls, owner, route } = op.fields;
    if (cls === TREE) {
      add(entryClass.tree, logPlaces(tree, owner), op);
      add(entryClass.wrap, linkPlaces(tree, owner, links), op);
    } else if (cls === ERASURE) add(entryClass.wrap, erasurePlaces(tree, op, records), op);
    else if (cls > ERASURE) add(entryClass.later, placesTo(tree, owner, route), op);
  }
  for (const w of wraps) add(entryClass.wrap, wrapPlaces(tree, w), w, w.stamp);
  return keys.sort(compare);
}

/** recordsOf gathers cases, digests and what is beside them whose first operation is held, and finds which operations have a place. */
function recordsOf(tree, operations) {
  const records = new Map();
  const sealed = operations.filter((op) => op.fields.class === CASE || op.fields.class === DIGEST);
  for (const op of sealed.filter((o) => o.fields.record === undefined)) {
    const { owner } = op.fields;
    records.set(hex(op.id), { first: op, operations: [], placed: [], part: new Units(...lineOf(tree, owner), owner), grants: new Units(), stations: new Units(), masters: new Units(), authors: new Units() });
  }
  for (const op of sealed) records.get(hex(op.record))?.operations.push(op);
  for (const r of records.values()) place(tree, r);
  return records;
}

/** placedIn are the ids of all operations of records that have a place. */
export const placedIn = (tree, operations) => new Set([...recordsOf(tree, operations).values()].flatMap((r) => r.placed.map((op) => hex(op.id))));

/** authorOf is the unit that an operation's author is a person of: the one whose log heads he names. */
function authorOf(tree, op) {
  const { authorLog, ownerLog, seat } = op.fields;
  const unit = unitOfHeads(tree, authorLog.length > 0 ? authorLog : ownerLog);
  return unit && isPersonOf(tree, unit, seat) ? unit : undefined;
}

/** place finds the smallest set of a record's operations whose authors' units have a part in it, which these operations give. */
function place(tree, r) {
  const { owner, class: cls, audience: rule } = r.first.fields;
  let left = r.operations.map((op) => ({ op, author: authorOf(tree, op) })).filter((o) => o.author);
  for (let grown = true; grown; ) {
    grown = false;
    left = left.filter(({ op, author }) => {
      if (!r.part.has(hex(author))) return true;
      grown = true;
      r.placed.push(op);
      r.authors.with([author]);
      if (cls === DIGEST) {
        r.masters.with(mastersAt(tree, owner, op.fields.ownerLog));
        r.part.with(op.fields.caseGrants);
        return false;
      }
      if (rule !== 2) r.stations.with([stationAt(tree, owner, op.fields.ownerLog)]);
      r.grants.with(op.fields.grants);
      r.part.with([...r.stations.values(), ...r.grants.values()]);
      return false;
    });
  }
}

/** grantsOf: a grant on a case includes its digest. */
function grantsOf(r, records) {
  const of = r.first.fields.class === DIGEST ? records.get(hex(r.first.fields.case)) : r;
  return [...(of?.grants.values() ?? [])];
}

/** placesTo are the pairs of audience and owner path of what goes from an owner to units, and to `more` paths. */
function placesTo(tree, ownerUnit, units, more = []) {
  const owner = pathOfUnit(tree, ownerUnit);
  if (!owner) return [];
  return endsOf(owner, [...units.map((u) => pathOfUnit(tree, u)), ...more]).map((a) => [a, owner]);
}

/** placesOf are a record's places. */
function placesOf(tree, r, records) {
  const { owner, audience: rule } = r.first.fields;
  return placesTo(tree, owner, [owner, ...r.stations.values(), ...r.masters.values(), ...grantsOf(r, records)], rule === 2 ? [ROOT] : []);
}

/** erasurePlaces: every place of its case and of what names that case. */
function erasurePlaces(tree, op, records) {
  if (!authorOf(tree, op)) return [];
  const of = [...records.values()].filter((r) => r.placed.length > 0 && (equal(r.first.id, op.fields.case) || (r.first.fields.case && equal(r.first.fields.case, op.fields.case))));
  const places = of.flatMap((r) => placesOf(tree, r, records));
  return [...new Map(places.map((p) => [hex(concat(...p)), p])).values()];
}

/** underOf is the path of a log's parent. */
const underOf = (tree, unit) => (parentOf(tree, unit) ? pathOfUnit(tree, parentOf(tree, unit)) : ROOT);

function logPlaces(tree, unit) {
  const [under, path] = [underOf(tree, unit), pathOfUnit(tree, unit)];
  return under && path ? [[under, path]] : [];
}

/** linkPlaces: where lines lead a log, apart from those who have it anyway. */
function linkPlaces(tree, unit, links) {
  return logPlaces(tree, unit).flatMap(([under, path]) => {
    const to = [...(links.get(hex(unit))?.values() ?? [])].map((x) => pathOfUnit(tree, x)).filter(Boolean);
    return to.filter((p) => !above(p, under) && !above(under, p)).map((p) => [p, path]);
  });
}

/** linksOf draws the lines: the log of a unit and those of all above it lead to another unit. */
function linksOf(tree, records) {
  const links = new Map();
  const line = (from, to) => {
    for (const log of lineOf(tree, from)) {
      if (!links.has(hex(log))) links.set(hex(log), new Units());
      links.get(hex(log)).with([to]);
    }
  };
  const both = (a, b) => (line(a, b), line(b, a));
  for (const u of tree.units.values()) for (const named of lineOf(tree, u.id)) for (const m of mastersEver(tree, named)) both(u.id, m);
  for (const r of records.values()) {
    const { owner } = r.first.fields;
    for (const g of r.grants.values()) both(owner, g);
    const to = [owner, ...r.stations.values(), ...r.masters.values(), ...grantsOf(r, records)];
    for (const a of r.authors.values()) if (!equal(a, owner)) for (const x of to) line(a, x);
  }
  return links;
}

/** wrapPlaces: a wrap goes wherever the entries go that it opens, and to its maker. */
function wrapPlaces(tree, w) {
  const units = [w.owner, w.unit, unitOfSeat(tree, w.seat)];
  const stations = stationsEver(tree, w.owner);
  if ([w.owner, ...stations].some((s) => equal(s, w.unit))) units.push(...stations);
  if (units.some((u) => !u || !pathOfUnit(tree, u))) return [];
  return placesTo(tree, w.owner, units, w.method === 2 && w.rule === 2 ? [ROOT] : []);
}

/** endsOf are the paths that are not on the way from the owner to another. */
function endsOf(owner, far) {
  const audience = [...new Map(far.filter(Boolean).map((p) => [hex(p), p])).values()].sort(compare);
  return audience.filter((a) => !audience.some((b) => b !== a && onWay(a, owner, b)));
}

/** fingerprint of a set of entry keys: count and sum of ids modulo 2^256. */
export function fingerprint(keys) {
  let sum = 0n;
  for (const k of keys) sum += BigInt(`0x${hex(k.subarray(41))}`);
  return { count: keys.length, sum: Buffer.from((sum % (1n << 256n)).toString(16).padStart(64, '0'), 'hex') };
}

/** sent is a fingerprint as it goes over the wire. */
export const sent = (salt, fp) => H('hejie fingerprint v1', salt, u64(fp.count), fp.sum).subarray(0, 16);
