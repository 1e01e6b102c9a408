// Entry keys and fingerprints (FORMAT 8), from nothing but frames and the tree that their logs give.
import { compare, concat, equal, H, hex, u64 } from './bytes.mjs';
import { DIGEST, TREE } from './frame.mjs';
import { lineOf, parentOf, pathOfUnit, stationOf, unitOfSeat } from './tree.mjs';

const ROOT = Buffer.alloc(16);
const entryClass = { tree: 1, wrap: 2, digest: 3, case: 4 };

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

/** entriesOf gives all entry keys of operations and wraps, sorted. */
export function entriesOf(tree, operations, wraps) {
  const records = new Map();
  for (const op of operations) {
    const r = records.get(hex(op.record)) ?? { grants: new Map(), operations: [] };
    records.set(hex(op.record), r);
    r.operations.push(op);
    if (op.fields.record === undefined) r.first = op;
    for (const g of op.fields.grants) r.grants.set(hex(g), g);
  }
  const links = linksOf(tree, records);
  const keys = [];
  for (const r of records.values()) {
    if (!r.first) continue; // its owner's and audience's rule stand in the first operation
    const granting = r.first.fields.class === DIGEST ? records.get(hex(r.first.fields.case)) : r; // a grant on a case includes its digest
    for (const [cls, audience, owner] of groupsOf(tree, r.first, granting?.grants ?? new Map(), links)) for (const op of r.operations) keys.push(key(cls, audience, owner, op.fields.stamp, op.id));
  }
  for (const w of wraps) {
    const [audience, owner, maker] = [wrapAudience(tree, w), pathOfUnit(tree, w.owner), pathOfUnit(tree, unitOfSeat(tree, w.seat) ?? Buffer.alloc(0))];
    if (!audience || !owner || !maker) continue;
    const far = onWay(maker, owner, audience) ? [audience] : endsOf(owner, [audience, maker]);
    for (const a of far) keys.push(key(entryClass.wrap, a, owner, w.stamp, w.id));
  }
  return keys.sort(compare);
}

/** linksOf tells where logs go besides: a grant makes the owner's and the granted units' logs, and those above them, known to each other. */
function linksOf(tree, records) {
  const links = new Map();
  for (const r of records.values()) {
    if (!r.first || r.grants.size === 0) continue;
    const units = [r.first.fields.owner, ...r.grants.values()].filter((u) => pathOfUnit(tree, u));
    for (const of of units) for (const log of lineOf(tree, of)) for (const to of units) {
      if (equal(of, to)) continue;
      if (!links.has(hex(log))) links.set(hex(log), new Map());
      links.get(hex(log)).set(hex(to), pathOfUnit(tree, to));
    }
  }
  return links;
}

/** wrapAudience: a wrap goes wherever the entries go that it opens. */
function wrapAudience(tree, w) {
  if (w.method === 2 && w.rule === 2) return ROOT;
  if (w.method === 1 || (w.method === 2 && w.rule === undefined)) return pathOfUnit(tree, w.unit);
  return pathOfUnit(tree, stationOf(tree, w.owner) ?? Buffer.alloc(0));
}

function groupsOf(tree, first, grants, links) {
  const { owner: unit, class: cls, audience: rule } = first.fields;
  const owner = pathOfUnit(tree, unit);
  if (!owner) return [];
  if (cls === TREE) {
    const parent = parentOf(tree, unit);
    const under = parent ? pathOfUnit(tree, parent) : ROOT;
    const linked = [...(links.get(hex(unit))?.values() ?? [])].filter((p) => !above(p, under) && !above(under, p));
    return [[entryClass.tree, under, owner], ...linked.map((p) => [entryClass.wrap, p, owner])];
  }
  const far = [owner, rule === 2 ? ROOT : pathOfUnit(tree, stationOf(tree, unit))];
  for (const g of grants.values()) far.push(pathOfUnit(tree, g));
  return endsOf(owner, far).map((a) => [cls === DIGEST ? entryClass.digest : entryClass.case, a, owner]);
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
