// The tree of units as logs without forks give it: parents, paths, stations, certificates (FORMAT 6, 8).
//
// Who may write what is more than paths call for; this reader checks the chain of certificates
// and refuses logs in which an entry has two that follow it (a fork), rather than guess.
import { equal, hex, need } from './bytes.mjs';
import { signedBy } from './cert.mjs';

export function readTree(root, entries) {
  const tree = { root, units: new Map() };
  const follows = new Set();
  for (const e of entries) {
    const key = e.previous ? `${hex(e.unit)}/${e.branch}/${hex(e.previous)}` : `${hex(e.unit)}/first`;
    need(!follows.has(key), 'forked', `two entries of the log of ${hex(e.unit)} follow one`);
    follows.add(key);
    for (const item of e.items) apply(tree, e, item);
  }
  for (const u of tree.units.values()) u.path = pathOf(tree, u);
  const taken = [...tree.units.values()].map((u) => hex(u.path));
  need(new Set(taken).size === taken.length, 'forked', 'two siblings have one segment');
  return tree;
}

function apply(tree, e, item) {
  if (item.unknown) return;
  if (item.type === 1) {
    const u = { id: e.unit, parent: item.parent, segment: item.segment, station: item.byParent ? item.parent : e.unit, reading: item.request.reading, issuing: item.issuing, seats: [], name: item.request.name, tables: [], matching: [] };
    need(equal(e.unit, item.request.unit), 'malformed', 'the entry admits another unit');
    tree.units.set(hex(e.unit), u);
    const issuer = item.parent ? unitOf(tree, item.parent).issuing : item.issuing;
    need(issuer, 'certificate', 'the parent has no issuing certificate');
    for (const c of [item.person, item.machine, item.issuing].filter(Boolean)) signedBy(c, issuer.key);
    u.seats.push(item.person, item.machine);
    return;
  }
  const u = unitOf(tree, e.unit);
  if (item.type === 2) {
    const issuers = [u.issuing, u.parent && unitOf(tree, u.parent).issuing].filter(Boolean);
    const own = e.branch === 1 && u.issuing ? u.issuing : issuers.at(-1);
    for (const c of [item.person, item.machine].filter(Boolean)) signedBy(c, own.key);
    u.seats.push(item.person, ...(item.machine ? [item.machine] : []));
  }
  if (item.type === 4 && item.kind === 1 && e.branch === 2 && (equal(item.unit, u.id) || equal(item.unit, u.parent))) u.station = item.unit;
  if (item.type === 6) u.reading = item.public;
  if (item.type === 10 && e.branch === 1 && publishes(u, e) && !u.tables.some((t) => t.name === item.name && t.version >= item.version)) u.tables.push(item);
  if (item.type === 11 && (e.branch === 1) === !u.parent) u.matching.push(item);
}

/** publishes tells whether an entry's author is an admin or a director of the unit. */
function publishes(u, e) {
  return u.seats.some((s) => equal(s.key, e.op.fields.seat) && s.kind === 'seat' && s.roles.some((r) => r === 'admin' || r === 'director'));
}

/** matchingOf lists the items that hand the tree's matching key to a unit: those with the root's first commitment. */
export function matchingOf(tree, id) {
  const key = unitOf(tree, tree.root).matching[0]?.key;
  return key ? unitOf(tree, id).matching.filter((m) => equal(m.key, key)) : [];
}

function unitOf(tree, id) {
  const u = tree.units.get(hex(id));
  need(u, 'malformed', `the log of unit ${hex(id)} is not here`);
  return u;
}

function pathOf(tree, u) {
  const segments = [];
  for (let at = u; at.parent; at = unitOf(tree, at.parent)) {
    segments.unshift(at.segment);
    need(segments.length <= 8, 'malformed', 'deeper than eight levels');
  }
  const path = Buffer.alloc(16);
  Buffer.concat(segments).copy(path);
  return path;
}

/** unitOfSeat is the unit of a seat: of several that enrol it the one that was admitted with it. */
export function unitOfSeat(tree, seat) {
  const all = [...tree.units.values()].filter((u) => u.seats.some((s) => equal(s.key, seat)));
  return (all.find((u) => u.seats.slice(0, 2).some((s) => equal(s.key, seat))) ?? all[0])?.id;
}

/** lineOf lists a unit and those above it. */
export function lineOf(tree, id) {
  const out = [];
  for (let u = tree.units.get(hex(id)); u; u = u.parent && tree.units.get(hex(u.parent))) out.push(u.id);
  return out;
}

export const pathOfUnit = (tree, id) => tree.units.get(hex(id))?.path;
export const stationOf = (tree, id) => tree.units.get(hex(id))?.station;
export const parentOf = (tree, id) => tree.units.get(hex(id))?.parent;
