// What operations give together (docs/format-changes.md, "What they mean" and "What has no effect").
import { hex } from './bytes.mjs';
import { fits, takes } from './types.mjs';

const NOBODY = '00'.repeat(32);
export const keyOf = (name, index) => `${name}.${String(index).padStart(10, '0')}`; // sorts by name, then index

/** State is a record's state under a schema. Operations are {id, name, heads, stamp, content, newer}. */
export class State {
  constructor(schema, operations) {
    this.schema = schema;
    this.root = new Map();
    this.odd = [];
    this.ops = order(operations);
    for (const op of this.ops) this.apply(op);
    this.heads = this.ops.filter((op) => !this.ops.some((o) => o.heads.includes(op.id))).map((op) => op.id).sort();
  }

  apply(op) {
    const { content } = op;
    const newer = op.newer || content?.newer;
    if (!content || (newer && content.changes.length === 0)) {
      this.odd.push({ op, index: -1, why: newer ? 'newer' : 'broken', path: newer ? [] : undefined, fields: [] });
      return;
    }
    content.changes.forEach((c, index) => {
      if (c.kind === 'void') return;
      const w = { op, index, key: keyOf(op.name, index), change: c };
      const why = newer ? 'newer' : this.why(c);
      if (why) this.note(w, why);
      else this.effect(w, this.field(w, c.path));
    });
  }

  /** find gives the declaration at a path, or undefined. */
  find(path) {
    let schema = this.schema;
    let decl;
    for (const [i, seg] of (path ?? []).entries()) {
      if (i % 2 === 1) {
        if (typeof seg === 'string' || decl.kind !== 'map') return { misused: true };
        schema = decl.entry;
        continue;
      }
      if (typeof seg !== 'string') return { misused: true };
      if (!Object.hasOwn(schema, seg)) return { unknown: true };
      decl = schema[seg];
    }
    return !path || path.length % 2 === 0 ? { misused: true } : { decl };
  }

  /** why says why a change has no effect; '' where it has. */
  why(c) {
    if (c.kind === 'unknown') return 'change';
    const { decl, unknown, misused } = this.find(c.path);
    if (unknown) return 'field';
    return misused ? 'kind' : unfit(c, decl);
  }

  ref(op, ref) {
    const name = hex(ref.op);
    return keyOf(name === NOBODY ? op.name : name, ref.index);
  }

  /** field is the state of a known field, made if need be; around are the maps that it lies in. */
  field(w, path, around = []) {
    let fields = this.root;
    let schema = this.schema;
    for (let i = 0; ; i += 2) {
      const decl = schema[path[i]];
      if (!fields.has(path[i])) fields.set(path[i], { decl, written: [], replaced: new Set(), entries: new Map(), adds: new Set(), events: [], runs: [], gone: new Map() });
      const f = fields.get(path[i]);
      around.push(f);
      if (decl.kind !== 'map' || i + 1 >= path.length || typeof path[i + 1] === 'string') return f;
      const key = this.ref(w.op, path[i + 1]);
      if (!f.entries.has(key)) f.entries.set(key, { fields: new Map(), odd: [] });
      const entry = f.entries.get(key);
      if (w.odd) entry.odd.push(w.key);
      if (i + 2 >= path.length || !Object.hasOwn(decl.entry, path[i + 2])) return f;
      fields = entry.fields;
      schema = decl.entry;
    }
  }

  effect(w, f) {
    const c = w.change;
    if (c.kind === 'assign' || c.kind === 'add') f.written.push(w);
    if (c.kind === 'add') f.adds.add(w.key);
    for (const r of c.replaces ?? []) f.replaced.add(this.ref(w.op, r));
    if (c.kind === 'event') f.events.push({ ...w, after: (c.after ?? []).map((r) => this.ref(w.op, r)), value: c.value });
    if (c.kind === 'insert') f.runs.push(w);
    for (const s of c.spans ?? []) {
      const key = this.ref(w.op, s.ref);
      f.gone.set(key, [...(f.gone.get(key) ?? []), [s.offset, s.offset + s.count]]);
    }
  }

  /** note keeps what has no effect, with the fields in which something may set it aside. */
  note(w, why) {
    const c = w.change;
    const odd = { ...w, why, path: c.path, fields: [], odd: true };
    this.odd.push(odd);
    if (!c.path || typeof c.path[0] !== 'string' || !Object.hasOwn(this.schema, c.path[0])) return;
    const f = this.field(odd, c.path, odd.fields);
    const { decl } = this.find(c.path);
    const event = (c.kind === 'event' || c.number === 6n || c.number === 6) && decl?.kind === 'events';
    odd.own = event || (c.kind === 'add' && decl?.kind === 'map');
    if (event) f.events.push({ ...w, after: (c.after ?? []).map((r) => this.ref(w.op, r)), empty: true });
  }

  /** unknown are the changes that nobody set aside: [{id, why, path}]. */
  unknown() {
    return this.odd.filter((o) => !o.fields.some((f) => f.replaced.has(o.key))).map((o) => {
      const path = (o.path ?? []).map((s) => (typeof s === 'string' ? s : idOf(this.ref(o.op, s))));
      if (o.own) path.push(idOf(o.key));
      return { id: o.index < 0 ? o.op.id : idOf(o.key), why: o.why, path: path.join('.') };
    });
  }

  /** at is the state of a field, or undefined; entry keys stand in the path as they are. */
  at(path) {
    let fields = this.root;
    for (let i = 0; i + 1 < path.length; i += 2) fields = fields?.get(path[i])?.entries.get(path[i + 1])?.fields;
    return fields?.get(path.at(-1));
  }

  /** register shows a register: its distinct live values, the one that counts first. */
  register(path) {
    return distinct(live(this.at(path))).reverse();
  }

  /** live are the assignments or additions of a field that nothing replaces. */
  live(path) {
    return live(this.at(path));
  }

  set(path) {
    return distinct(live(this.at(path))).sort((a, b) => (a.change.encoded < b.change.encoded ? -1 : 1)).map((w) => w.change.value ?? null);
  }

  /** entries are the keys of a map's entries as they are shown. */
  entries(path) {
    const f = this.at(path);
    if (!f) return [];
    const here = f.written.filter((w) => f.adds.has(w.key) && (!f.replaced.has(w.key) || someAlive(f.entries.get(w.key), (k) => !f.replaced.has(k))));
    here.sort((a, b) => a.op.depth - b.op.depth || Number(a.op.stamp - b.op.stamp) || compare(a.key, b.key) || compare(a.op.id, b.op.id));
    return here.map((w) => w.key);
  }

  text(path) {
    const f = this.at(path);
    return f ? sequence(this, f).join('') : '';
  }

  events(path) {
    return this.at(path)?.events ?? [];
  }
}

/** idOf is an entry's or event's id as documents have it. */
export const idOf = (key) => `${key.slice(0, 32)}-${Number(key.slice(65))}`;

export const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const byIdentity = (a, b) => compare(a.key, b.key) || compare(a.op.id, b.op.id);
const byPlace = (a, b) => a.op.depth - b.op.depth || byIdentity(a, b);

/** order gives each operation its depth, and sorts by it, then id. */
function order(operations) {
  const all = new Map(operations.map((op) => [op.id, op]));
  const depth = (op, path = new Set()) => {
    if (op.depth) return op.depth;
    op.depth = 1;
    for (const h of op.heads) if (all.has(h) && !path.has(h)) op.depth = Math.max(op.depth, depth(all.get(h), new Set([...path, op.id])) + 1);
    return op.depth;
  };
  for (const op of [...operations].sort((a, b) => (a.stamp < b.stamp ? -1 : 1))) depth(op); // early ones first: the walk stays shallow
  return [...operations].sort((a, b) => a.depth - b.depth || compare(a.id, b.id));
}

const kindsOf = { assign: ['register'], add: ['set', 'map'], remove: ['set', 'map'], insert: ['text', 'list'], delete: ['text', 'list'], event: ['events'] };

function unfit(c, decl) {
  const of = c.kind === 'insert' && decl.kind === (c.text === undefined ? 'text' : 'list');
  if (of || !(kindsOf[c.kind].includes(decl.kind) || (c.kind === 'remove' && c.unread))) return 'kind';
  switch (c.kind) {
    case 'assign':
      return fits(decl.type, c.value) ? '' : 'value';
    case 'add':
      if (decl.kind === 'map') return c.value === undefined ? '' : 'value';
      return decl.type === undefined || takes(decl.type, c.value) ? '' : 'value';
    case 'event':
      return decl.type === undefined || takes(decl.type, c.value) ? '' : 'value';
    case 'insert':
      return (c.items ?? [c.text]).every((x) => decl.type === undefined || takes(decl.type, x)) ? '' : 'value';
    default:
      return '';
  }
}

const live = (f) => (f ? f.written.filter((w) => !f.replaced.has(w.key)) : []);

/** distinct keeps of equal values the one that counts, ascending by place. */
function distinct(list) {
  const groups = new Map();
  for (const w of list) {
    const have = groups.get(w.change.encoded);
    if (!have || byPlace(have, w) < 0) groups.set(w.change.encoded, w);
  }
  return [...groups.values()].sort(byPlace);
}

/** someAlive tells whether something live inside an entry is named by no removal around it. */
function someAlive(entry, stays) {
  if (!entry) return false;
  if (entry.odd.some(stays)) return true;
  return [...entry.fields.values()].some((f) => {
    switch (f.decl.kind) {
      case 'register':
      case 'set':
        return live(f).some((w) => stays(w.key));
      case 'events':
        return f.events.some((e) => stays(e.key));
      case 'map': {
        const inner = (k) => !f.replaced.has(k) && stays(k);
        return [...f.adds].some((k) => inner(k) || someAlive(f.entries.get(k), inner));
      }
      default:
        return f.runs.some((r) => stays(r.key) && elementsOf(r).some((_, i) => !erased(f, r.key, i)));
    }
  });
}

const elementsOf = (r) => (r.elements ??= r.change.items ?? [...r.change.text]);
const erased = (f, key, i) => (f.gone.get(key) ?? []).some(([lo, hi]) => i >= lo && i < hi);

/** sequence reads a text or list from its Fugue tree: left children, element, right children. */
function sequence(state, f) {
  const primary = new Map();
  for (const r of f.runs) if (!primary.has(r.key) || compare(r.op.id, primary.get(r.key).op.id) < 0) primary.set(r.key, r);
  const kids = new Map();
  for (const r of f.runs) {
    const { parent, side } = r.change;
    const at = `${parent ? `${state.ref(r.op, parent.ref)}/${parent.offset}` : 'root'}/${side}`;
    kids.set(at, [...(kids.get(at) ?? []), r]);
  }
  const out = [];
  const stack = [];
  const push = (at) => stack.push(...(kids.get(at) ?? []).sort(byIdentity).reverse().map((run) => ({ run, i: 0, step: 0 })));
  push('root/right');
  push('root/left');
  while (stack.length > 0) {
    const t = stack.at(-1);
    const elements = elementsOf(t.run);
    if (t.i >= elements.length) {
      stack.pop();
      continue;
    }
    const own = primary.get(t.run.key) === t.run;
    if (t.step === 0) {
      t.step = 1;
      if (own) push(`${t.run.key}/${t.i}/left`);
    } else {
      if (!erased(f, t.run.key, t.i)) out.push(elements[t.i]);
      t.i++;
      t.step = 0;
      if (own) push(`${t.run.key}/${t.i - 1}/right`);
    }
  }
  return out;
}
