// Changes: the content of case-class and digest bodies (FORMAT 4, docs/format-changes.md).
import { compare, need, refuse } from './bytes.mjs';
import { decode } from './cbor.mjs';
import { Fields } from './fields.mjs';

const LIMITS = { body: 900_000, changes: 10_000, remark: 4096, refs: 4096, spans: 4096, items: 4096, text: 524_288, path: 8, name: 64, levels: 8, elements: 4096, array: 16_384, pairs: 4096 };

const kinds = { 1: 'assign', 2: 'add', 3: 'remove', 4: 'insert', 5: 'delete', 6: 'event' };
const keysOf = { 1: [1, 2, 3, 4, 11], 2: [1, 2, 3], 3: [1, 2, 4, 11], 4: [1, 2, 6, 7, 8, 9], 5: [1, 2, 10], 6: [1, 2, 3, 5] };

/** Keys below must be understood; those from here on may be passed over. */
const FIRST_IGNORED = 128;

/** readChanges reads a body's content: {changes, remark, unknown}. */
export function readChanges(content) {
  need(content.length <= LIMITS.body, 'malformed', `${content.length} bytes`);
  const root = decode(content);
  sizes(root);
  const f = new Fields('body', root);
  const list = f.array(1, { most: LIMITS.changes });
  const remark = f.text(2, { must: false });
  if (remark !== undefined) need(remark !== '' && Buffer.byteLength(remark) <= LIMITS.remark, 'malformed', 'a remark is text of 1 to 4,096 bytes');
  const unknown = f.unknown();
  for (const n of unknown) plain(f.get(n));
  return { changes: list.map(readChange), remark: remark ?? '', size: content.length, unknown, newer: unknown.some((n) => n < FIRST_IGNORED) };
}

/** sizes bounds every array and map, whatever it means. */
function sizes(v) {
  if (v.type === 'array') {
    need(v.value.length <= LIMITS.array, 'malformed', 'an array that is too long');
    v.value.forEach(sizes);
  }
  if (v.type === 'map') {
    need(v.value.length <= LIMITS.pairs, 'malformed', 'a map that is too large');
    v.value.forEach(([k, x]) => (sizes(k), sizes(x)));
  }
}

/** plain holds what is unknown to the values there are: integers from -2^63 to 2^64-1. */
function plain(v) {
  if (v.type === 'int') need(v.value >= -(2n ** 63n) && v.value < 2n ** 64n, 'malformed', 'an integer over 64 bits');
  if (v.type === 'array') v.value.forEach(plain);
  if (v.type === 'map') v.value.forEach(([k, x]) => (plain(k), plain(x)));
}

function readChange(v) {
  if (v.type === 'null') return { kind: 'void' };
  const f = new Fields('change', v);
  const kind = f.uint(1, { least: 1 });
  const known = keysOf[kind];
  const values = [f.get(3), ...(f.get(9)?.type === 'array' ? f.get(9).value : [])].filter((x) => x !== undefined);
  if (!known || [...f.map.keys()].some((k) => k < FIRST_IGNORED && !known.includes(k)) || !values.every(isValue)) {
    plain(v);
    return { kind: 'unknown', number: kind, path: attempt(readPath, f.get(2)), after: kind === 6 ? attempt((x) => readRefs(x), f.get(5)) : undefined, raw: v.raw };
  }
  f.unknown().forEach((k) => plain(f.get(k)));
  const c = { kind: kinds[kind], path: readPath(f.get(2, true)) };
  if (f.get(3) !== undefined) {
    c.value = readValue(present(f.get(3)), 1);
    c.encoded = Buffer.from(f.get(3).raw).toString('hex');
  }
  if (f.get(11) !== undefined) {
    need(f.get(11).type === 'bool' && f.get(11).value, 'malformed', 'unread is true or absent');
    c.unread = true;
  }
  if (f.get(4) !== undefined) c.replaces = readRefs(f.get(4), true);
  if (f.get(5) !== undefined) c.after = readRefs(f.get(5), true);
  if (f.get(6) !== undefined) c.parent = readElement(f.get(6));
  const side = f.small(7, { must: false, least: 1, most: 1 });
  c.side = side === 1 ? 'right' : 'left';
  c.text = f.text(8, { must: false });
  if (c.text !== undefined) need(c.text !== '' && Buffer.byteLength(c.text) <= LIMITS.text, 'malformed', 'a run of text is empty or too long');
  c.items = f.array(9, { must: false, least: 1, most: LIMITS.items })?.map((x) => readValue(x, 1));
  c.spans = f.array(10, { must: false, least: 1, most: LIMITS.spans })?.map(readSpan);
  if (c.kind === 'insert') need((c.text === undefined) !== (c.items === undefined), 'malformed', 'an insertion has either text or items');
  if (c.kind === 'remove') need(c.replaces !== undefined, 'malformed', 'it removes nothing');
  if (c.kind === 'delete') need(c.spans !== undefined, 'malformed', 'it deletes nothing');
  return c;
}

/** present refuses null where absent means null. */
function present(v) {
  need(v.type !== 'null', 'malformed', 'null is left out');
  return v;
}

/** attempt reads what may be a later program's: undefined where it can't be. */
function attempt(read, v) {
  try {
    return v && read(v);
  } catch {
    return undefined;
  }
}

function isValue(v) {
  try {
    readValue(v, 1);
    return true;
  } catch {
    return false;
  }
}

function readPath(v) {
  need(v.type === 'array' && v.value.length >= 1 && v.value.length <= LIMITS.path, 'malformed', 'a path has 1 to 8 segments');
  return v.value.map((s) => {
    if (s.type !== 'text') return readRef(s);
    need(/^[a-z0-9_]{1,64}$/.test(s.value), 'malformed', `the field name ${JSON.stringify(s.value)}`);
    return s.value;
  });
}

function index(v) {
  need(v.type === 'int' && v.value >= 0n && v.value < 2n ** 32n, 'malformed', 'a number of 32 bits was expected');
  return Number(v.value);
}

const NOBODY = Buffer.alloc(32);

/** readRef gives {op, index}; op is 32 zero bytes for the operation itself. */
function readRef(v) {
  if (v.type === 'int') return { op: NOBODY, index: index(v) };
  need(v.type === 'array' && v.value.length === 2, 'malformed', 'a reference is an index, or an operation and an index');
  const [op, at] = v.value;
  need(op.type === 'bytes' && op.value.length === 32 && compare(op.value, NOBODY) !== 0, 'malformed', "a reference's operation");
  return { op: op.value, index: index(at) };
}

function readRefs(v) {
  need(v.type === 'array' && v.value.length >= 1 && v.value.length <= LIMITS.refs, 'malformed', 'references are an array of 1 to 4,096');
  const refs = v.value.map(readRef);
  for (let i = 1; i < refs.length; i++) {
    const order = compare(refs[i - 1].op, refs[i].op) || refs[i - 1].index - refs[i].index;
    need(order < 0, 'malformed', 'references do not ascend');
  }
  return refs;
}

function readElement(v) {
  need(v.type === 'array' && v.value.length === 2, 'malformed', 'an element is a reference and an offset');
  return { ref: readRef(v.value[0]), offset: index(v.value[1]) };
}

function readSpan(v) {
  need(v.type === 'array' && v.value.length === 3, 'malformed', 'a span is a reference, an offset and a count');
  const [offset, count] = [index(v.value[1]), index(v.value[2])];
  need(count >= 1 && offset + count < 2 ** 32, 'malformed', 'a span is empty or too long');
  return { ref: readRef(v.value[0]), offset, count };
}

/** Bytes are a byte string in a value, Big an integer that JSON can't show. */
export class Bytes {
  constructor(bytes) {
    this.bytes = Buffer.from(bytes).toString('hex');
  }
}

export class Big {
  constructor(int) {
    this.int = int.toString();
  }
}

/** readValue gives what JSON can show; bytes and large integers as {bytes} and {int}. */
function readValue(v, level) {
  need(level <= LIMITS.levels, 'malformed', 'a value is nested too deeply');
  switch (v.type) {
    case 'null':
    case 'bool':
      return v.value;
    case 'int':
      need(v.value >= -(2n ** 63n) && v.value < 2n ** 63n, 'malformed', 'an integer over 64 bits with sign');
      return Number.isSafeInteger(Number(v.value)) ? Number(v.value) : new Big(v.value);
    case 'text':
      need(Buffer.byteLength(v.value) <= LIMITS.text, 'malformed', 'a text is too long');
      return v.value;
    case 'bytes':
      need(v.value.length <= LIMITS.text, 'malformed', 'a byte string is too long');
      return new Bytes(v.value);
    case 'array':
      need(v.value.length <= LIMITS.elements, 'malformed', 'an array is too long');
      return v.value.map((x) => readValue(x, level + 1));
    case 'map':
      need(v.value.length <= LIMITS.elements, 'malformed', 'a map is too large');
      return Object.fromEntries(v.value.map(([k, x]) => {
        need(k.type === 'text', 'malformed', "a value's map has text keys");
        return [k.value, readValue(x, level + 1)];
      }));
    default:
      return refuse('malformed', `a value of type ${v.type}`);
  }
}

/** showChange is one line a change, as the vectors have it: kind and path. */
export function showChange(c) {
  const path = c.path ? c.path.map((s) => (typeof s === 'string' ? s : `${Buffer.from(s.op).toString('hex', 0, 4)}.${s.index}`)).join('/') : '';
  return `${c.kind === 'unknown' ? `unknown ${c.number}` : c.kind} ${path}`.trim();
}
