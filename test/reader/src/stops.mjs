// What stops, is told and is void in logs without forks, and the rules of the tree (FORMAT 6).
import { equal, hex } from './bytes.mjs';
import { stopsBy, toldOf } from './entry.mjs';
import { inDependence } from './folder.mjs';

const OWN = 1;
const RULES = 15;

/** stopsIn gives {stops, told, stopped, rules} of entries that their authors might all write. */
export function stopsIn(tree, entries) {
  const voids = entries.flatMap((e) => e.items.filter((i) => i.voids && !i.unknown && byAdmin(tree, e)).map((i) => ({ ...i.voids, by: e })));
  const byId = new Map(entries.map((e) => [hex(e.op.id), e]));
  const isVoid = (e, index) => voids.some((v) => equal(v.entry, e.op.id) && v.index === index && above(tree, v.by, e));
  const pick = (is) => entries.flatMap((e) => e.items.map((item, index) => ({ entry: e.op.id, index, type: item.type, item, e })).filter((i) => is(i.item) && !isVoid(e, i.index)));
  const stops = pick(stopsBy);
  const stopped = new Set();
  for (const e of inDependence(entries)) {
    const names = [...e.op.fields.heads, ...e.op.fields.ownerLog, ...e.op.fields.authorLog];
    if (stops.some((s) => s.e === e) || names.some((id) => stopped.has(hex(id)))) stopped.add(hex(e.op.id));
  }
  const rules = pick((i) => i.type === RULES && !i.unknown).filter((i) => equal(i.e.unit, tree.root) && i.e.branch === OWN && byAdmin(tree, i.e));
  return { stops, told: pick(toldOf), stopped: [...stopped].map((id) => byId.get(id).op.id), rules: rules.reduce((n, i) => (i.item.number > n ? i.item.number : n), 1n) };
}

/** byAdmin: of the own branch an admin of the unit, of the parent's branch one of the parent. */
function byAdmin(tree, e) {
  const unit = tree.units.get(hex(e.unit));
  const of = e.branch === OWN ? unit : tree.units.get(hex(unit.parent));
  return of.seats.some((s) => equal(s.key, e.op.fields.seat) && s.kind === 'seat' && s.roles.includes('admin'));
}

/** above: an own branch's item is voided in the parent's branch, the parent's in the parent's own, a root's in its own. */
function above(tree, by, e) {
  const { parent } = tree.units.get(hex(e.unit));
  if (!parent) return by.branch === OWN && equal(by.unit, e.unit);
  if (e.branch === OWN) return by.branch !== OWN && equal(by.unit, e.unit);
  return by.branch === OWN && equal(by.unit, parent);
}
