// The tree of units as logs without forks give it: parents, paths, stations, certificates (FORMAT 6, 8).
//
// Who may write what is more than paths call for; this reader checks the chain of certificates
// and refuses logs in which an entry has two that follow it (a fork), rather than guess.
import { equal, hex, need } from './bytes.mjs';
import { signedBy } from './cert.mjs';

export function readTree(root, entries) {
  const tree = { root, units: new Map(), entries: new Map() };
  const follows = new Set();
  for (const e of entries) {
    const key = e.previous ? `${hex(e.unit)}/${e.branch}/${hex(e.previous)}` : `${hex(e.unit)}/first`;
    need(!follows.has(key), 'forked', `two entries of the log of ${hex(e.unit)} follow one`);
    follows.add(key);
    for (const item of e.items) apply(tree, e, item);
    tree.entries.set(hex(e.op.id), e);
    tree.units.get(hex(e.unit))?.log.push(e);
  }
  for (const u of tree.units.values()) u.path = pathOf(tree, u);
  const taken = [...tree.units.values()].map((u) => hex(u.path));
  need(new Set(taken).size === taken.length, 'forked', 'two siblings have one segment');
  return tree;
}

function apply(tree, e, item) {
  if (item.unknown) return;
  if (item.type === 1) {
    const u = { id: e.unit, parent: item.parent, segment: item.segment, station: item.byParent ? item.parent : e.unit, reading: item.request.reading, issuing: item.issuing, seats: [], name: item.request.name, tables: [], matching: [], log: [] };
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
  if (namesStation(tree, u, e, item)) u.station = item.unit;
  if (item.type === 6) u.reading = item.public;
  if (item.type === 10 && e.branch === 1 && publishes(u, e) && !u.tables.some((t) => t.name === item.name && t.version >= item.version)) u.tables.push(item);
  if (item.type === 11 && (e.branch === 1) === !u.parent) u.matching.push(item);
}

/** byAdmin tells whether an entry's author is an admin of the unit that writes its branch. */
function byAdmin(tree, u, e) {
  const of = e.branch === 1 ? u : u.parent && unitOf(tree, u.parent);
  return Boolean(of?.seats.some((s) => equal(s.key, e.op.fields.seat) && s.kind === 'seat' && s.roles.includes('admin')));
}

const namesStation = (tree, u, e, item) => !item.unknown && item.type === 4 && item.kind === 1 && e.branch === 2 && (equal(item.unit, u.id) || equal(item.unit, u.parent)) && byAdmin(tree, u, e);

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
export const parentOf = (tree, id) => tree.units.get(hex(id))?.parent;

/** unitOfHeads is the unit whose log heads are named: all of them held, all of one log. */
export function unitOfHeads(tree, heads) {
  const all = heads.map((id) => tree.entries.get(hex(id))?.unit);
  return all.length > 0 && all.every((u) => u && equal(u, all[0])) ? all[0] : undefined;
}

/** logHeads are the entries of a unit's log that no other names in its field 11: one, or one of each branch. */
export function logHeads(tree, id) {
  const { log } = tree.units.get(hex(id));
  const named = new Set(log.flatMap((e) => e.op.fields.heads.map(hex)));
  return log.map((e) => e.op.id).filter((x) => !named.has(hex(x))).sort(Buffer.compare);
}

/** isPersonOf tells whether a seat is a person's, no machine's, of a unit. */
export const isPersonOf = (tree, id, seat) => Boolean(tree.units.get(hex(id))?.seats.some((s) => s.kind === 'seat' && equal(s.key, seat)));

/** logAt lists the entries of a unit's log at heads, each after those that it names. */
function logAt(tree, u, heads) {
  const seen = new Set();
  const left = [...heads];
  while (left.length > 0) {
    const id = hex(left.pop());
    const e = tree.entries.get(id);
    if (!e || seen.has(id) || !equal(e.unit, u.id)) continue;
    seen.add(id);
    left.push(...e.op.fields.heads, ...e.op.fields.ownerLog);
  }
  return u.log.filter((e) => seen.has(hex(e.op.id)));
}

/** stationsIn lists the stations that entries of a unit's log name, in their order. */
function stationsIn(tree, u, log) {
  return log.flatMap((e) => e.items.flatMap((item) => {
    if (item.unknown) return [];
    if (item.type === 1) return [item.byParent ? item.parent : u.id];
    return namesStation(tree, u, e, item) ? [item.unit] : [];
  }));
}

/** mastersIn lists the courts that guide and the bureaus that supervise a unit: of one entry the last of each kind. */
function mastersIn(tree, u, log) {
  return log.filter((e) => byAdmin(tree, u, e)).flatMap((e) => [2, 3].flatMap((kind) => {
    const last = e.items.findLast((i) => !i.unknown && i.type === 4 && i.kind === kind);
    return last ? [{ branch: e.branch, kind, unit: last.unit }] : [];
  }));
}

/** stationAt is the station that a unit had at heads of its log. */
export function stationAt(tree, id, heads) {
  const u = tree.units.get(hex(id));
  return u && stationsIn(tree, u, logAt(tree, u, heads)).at(-1);
}

/** stationsEver lists all that a unit's log ever named. */
export function stationsEver(tree, id) {
  const u = tree.units.get(hex(id));
  return u ? stationsIn(tree, u, u.log) : [];
}

/** mastersAt lists a unit's masters at heads: of each kind the last that each branch names. */
export function mastersAt(tree, id, heads) {
  const u = tree.units.get(hex(id));
  if (!u) return [];
  return [...new Map(mastersIn(tree, u, logAt(tree, u, heads)).map((m) => [`${m.branch}/${m.kind}`, m.unit])).values()];
}

/** mastersEver lists all masters that a unit's log ever named. */
export function mastersEver(tree, id) {
  const u = tree.units.get(hex(id));
  return u ? mastersIn(tree, u, u.log).map((m) => m.unit) : [];
}
