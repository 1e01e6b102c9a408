// Cases of a data folder: merged fields, events in order, contradictions of fields, and digests
// (docs/format-case.md).
import { hex } from './bytes.mjs';
import { DIGEST, kinds } from './frame.mjs';
import { compare, idOf, keyOf, State } from './merge.mjs';
import { project } from './project.mjs';
import { format } from './types.mjs';
import { dearIn } from './weigh.mjs';

const MAX_EVENTS = 2000;

/** gather sorts the operations that have a place by their records, and marks what is too dear. */
function gather(folder) {
  const records = new Map();
  for (const op of folder.operations) {
    if (!folder.placed.has(hex(op.id))) continue;
    const r = records.get(hex(op.record)) ?? { operations: [] };
    records.set(hex(op.record), r);
    r.operations.push(op);
    if (op.fields.record === undefined) r.first = op;
  }
  for (const r of records.values()) {
    const dear = dearIn(r.operations);
    r.unjudged = dear === undefined;
    for (const op of r.operations) op.dear = dear?.has(hex(op.id)) ?? false;
  }
  return records;
}

/** recordsBy gives the cases that can be read, by id, each with its merged state. */
export function recordsBy(folder, page = format()) {
  const cases = [...gather(folder)].filter(([, r]) => r.first?.fields.kind === kinds.case && r.operations.every(readable));
  return new Map(cases.map(([id, r]) => [id, { ...r, state: new State(page.records.case, r.operations.map(asMerged)) }]));
}

/** ordinary tells whether a register has one value and nothing unknown at its path or at the record's. */
export const ordinary = (state, name) => state.register([name]).length < 2 && state.unknown().every((u) => u.why === 'broken' || (u.path !== '' && u.path.split('.')[0] !== name));

/** casesOf gives every case that the folder can read, and how its digest stands to it. */
export function casesOf(folder, page = format()) {
  const records = gather(folder);
  const out = {};
  for (const [id, r] of recordsBy(folder, page)) {
    const notes = notesOf(records, id, page);
    if (r.unjudged) {
      out[id] = { unjudged: 'its operations are too dear, and some are adopted: who may is not judged here' };
      continue;
    }
    out[id] = show(r.state, page.records.case);
    if (notes.length > 0) Object.assign(out[id], { notes: notes.map((s) => show(s, page.records.notes)), together: together([r.state, ...notes]) });
  }
  for (const r of records.values()) {
    if (r.first?.fields.class !== DIGEST || !r.operations.every(readable)) continue;
    const of = hex(r.first.fields.case);
    const digest = show(new State(page.records.digest, r.operations.map(asMerged)), page.records.digest);
    out[of] = { ...(out[of] ?? {}), digest, projections: compareDigest(records.get(of), r, page) };
  }
  return out;
}

const readable = (op) => op.content || op.broken || op.newer;

/** What is too dear is in its place without effect. */
const NOTHING = { changes: [], unknown: [] };

const asMerged = (op) => ({ id: hex(op.id), name: hex(op.name), heads: op.fields.heads.map(hex), stamp: op.fields.stamp, content: op.dear ? NOTHING : op.content, newer: op.newer || op.fields.later.length > 0 });

/** notesOf are the states of a case's notes that can be read. */
const notesOf = (records, id, page) => [...records.values()]
  .filter((r) => r.first?.fields.kind === kinds.notes && hex(r.first.fields.case) === id && r.operations.every(readable))
  .map((r) => new State(page.records.notes, r.operations.map(asMerged)));

/**
 * together are the events of a case and its notes in one order: those of the case keep theirs, each of the notes comes
 * after the last event of the case that its author saw.
 */
function together([ofCase, ...notes]) {
  const course = inOrder(ofCase.events(['lifecycle']));
  const index = new Map(course.map((e, i) => [e.key, i]));
  const nodes = new Map();
  for (const e of notes.flatMap((s) => s.events(['lifecycle']))) {
    if (nodes.size >= MAX_EVENTS || nodes.has(e.key)) continue;
    const named = [...(e.value?.seen ?? []), ...(e.value?.step === 'words' && e.value.of ? [e.value.of] : [])];
    nodes.set(e.key, { e, deps: [...e.after, ...named.map(({ bytes }) => keyOf(bytes.slice(0, 64), parseInt(bytes.slice(64), 16)))], place: -1, level: 0 });
  }
  const visit = (n) => {
    n.state = 'inside';
    for (const key of n.deps) {
      n.place = Math.max(n.place, index.get(key) ?? -1);
      const before = nodes.get(key);
      if (!before || before.state === 'inside') continue;
      if (!before.state) visit(before);
      n.place = Math.max(n.place, before.place);
      n.level = Math.max(n.level, before.level + 1);
    }
    n.state = 'done';
  };
  const order = [...nodes.values()].sort((x, y) => compare(x.e.key, y.e.key));
  for (const n of order) if (!n.state) visit(n);
  order.sort((x, y) => x.place - y.place || x.level - y.level || compare(x.e.key, y.e.key));
  const after = (place) => order.filter((n) => n.place === place).map((n) => n.e);
  return listed([...after(-1), ...course.flatMap((e, i) => [e, ...after(i)])]);
}

/** show gives a record's fields, events and contradictions as JSON. */
function show(state, schema) {
  const conflicts = [];
  const fieldsAt = (of, at) => {
    const out = {};
    for (const [name, decl] of Object.entries(of)) {
      const path = [...at, name];
      if (decl.kind === 'register') {
        const values = state.register(path);
        if (values.length > 1 && decl.legal) conflicts.push(name);
        if (values.length > 0 && values[0].change.value !== undefined) out[name] = values[0].change.value;
      }
      if (decl.kind === 'set') out[name] = state.set(path);
      if (decl.kind === 'text') out[name] = state.text(path);
      if (decl.kind === 'map') out[name] = state.entries(path).map((key) => ({ id: idOf(key), ...fieldsAt(decl.entry, [...path, key]) }));
    }
    return out;
  };
  const fields = fieldsAt(schema, []);
  return { heads: state.heads, fields, events: ordered(state.events(['lifecycle'])), conflicts: conflicts.sort(), unknown: state.unknown() };
}

/** ordered are the events as docs/format-case.md 4 has them, those that can be read. */
export const ordered = (events) => listed(inOrder(events));

const listed = (events) => events.filter((e) => !e.empty).map((e) => ({ id: idOf(e.key), step: e.value.step, after: e.after.map(idOf) }));

function inOrder(events) {
  const byRef = new Map();
  for (const e of [...events].sort((a, b) => a.op.depth - b.op.depth || compare(a.key, b.key) || compare(a.op.id, b.op.id))) if (!byRef.has(e.key)) byRef.set(e.key, e);
  const all = [...byRef.values()].sort((a, b) => compare(a.key, b.key));
  const level = new Map();
  for (const e of all) levels(e, byRef, level);
  all.sort((a, b) => level.get(a.key) - level.get(b.key) || compare(a.key, b.key));
  return all.slice(0, MAX_EVENTS);
}

function levels(start, byRef, level) {
  const stack = [];
  const enter = (e) => {
    if (level.has(e.key)) return;
    level.set(e.key, 0);
    stack.push({ e, next: 0 });
  };
  enter(start);
  while (stack.length > 0) {
    const top = stack.at(-1);
    if (top.next < top.e.after.length) {
      const before = byRef.get(top.e.after[top.next++]);
      if (before) enter(before);
      continue;
    }
    for (const key of top.e.after) if (byRef.has(key)) level.set(top.e.key, Math.max(level.get(top.e.key), (level.get(key) ?? -1) + 1));
    stack.pop();
  }
}

/** compareDigest holds every operation of a digest to the case operation that it projects. */
function compareDigest(of, digest, page) {
  const out = { right: 0, wrong: [], missing: [] };
  if (!of) return out;
  const projected = new Map(digest.operations.filter((op) => op.content).map((op) => [hex(op.fields.projects), op]));
  for (const op of of.operations) {
    if (!op.content || op.dear) continue;
    const want = project(op.content.changes, page);
    const have = projected.get(hex(op.id));
    const shows = want.some((c) => c.kind !== 'void') || op.fields.grants.length > 0;
    if (!have && shows) out.missing.push(hex(op.id));
    if (!have) continue;
    const got = have.content.changes;
    const right = got.length >= want.length && want.every((c, i) => text(c) === text(got[i])) && got.slice(want.length).every((c) => c.path?.[0] === 'marks');
    if (right) out.right++;
    else out.wrong.push({ operation: hex(op.id), want: want.map(plain), have: got.map(plain) });
  }
  return out;
}

/** plain is a change as data that two sides can be compared by. */
function plain(c) {
  const ref = (r) => `${hex(r.op)}.${r.index}`;
  return {
    kind: c.kind, path: c.path?.map((s) => (typeof s === 'string' ? s : ref(s))), value: c.value ?? undefined, replaces: c.replaces?.map(ref), after: c.after?.map(ref), unread: c.unread,
  };
}

const text = (c) => JSON.stringify(plain(c), (_, v) => (v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v));
