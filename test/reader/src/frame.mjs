// Operations: frame, header and what "held" means (FORMAT 2, 3).
import { compare, Cursor, equal, H, need } from './bytes.mjs';
import { encodeMap } from './cbor.mjs';
import { verifyEd25519 } from './crypt.mjs';
import { Fields } from './fields.mjs';

const MAX_FRAME = 1 << 20;
const MAX_HEADER = 32768;
const MAX_BODY = 1_000_000;

export const TREE = 1;
export const DIGEST = 2;
export const CASE = 3;
export const kinds = { log: 1, case: 2, notes: 3, digest: 4, document: 5, register: 8 };

/** readFrame reads an operation and checks all that its bytes alone can tell. */
export function readFrame(frame) {
  need(frame.length >= 11 && frame.length <= MAX_FRAME, 'malformed', `a frame of ${frame.length} bytes`);
  const c = new Cursor(frame);
  const suite = c.byte();
  const [h, s, b] = [c.u32(), c.u16(), c.u32()];
  need(suite === 1, 'suite', `suite ${suite}`);
  need(h >= 1 && h <= MAX_HEADER && s === 64 && b <= MAX_BODY, 'malformed', `lengths ${h}, ${s}, ${b}`);
  need(c.left === h + s + b, 'malformed', 'the lengths do not give the frame');
  const header = c.take(h);
  const signature = c.take(s);
  const body = c.take(b);
  const id = H('hejie operation v1', Buffer.from([suite]), header);
  const fields = readHeader(header);
  need(fields.bodyLength === BigInt(b) && equal(fields.bodyHash, H('hejie body v1', body)), 'body', 'the body is not the one that was signed');
  need(verifyEd25519(fields.seat, H('hejie signature v1', id), signature), 'signature', 'the signature does not fit');
  return { suite, id, header, signature, body, fields, record: fields.record ?? id, name: fields.projects ?? id };
}

/** readHeader reads a header strictly and checks its fields (FORMAT 3). */
export function readHeader(header) {
  const f = Fields.of('header', header);
  const id = (n, must = false) => f.bytes(n, { must, length: 32 });
  const out = {
    tree: id(1, true),
    seat: id(2, true),
    epoch: f.bytes(3, { length: 8 }),
    owner: id(4, true),
    class: f.small(5),
    number: f.small(6),
    previous: id(7),
    record: id(8),
    kind: f.small(9),
    case: id(10),
    heads: f.ids(11, 64),
    ownerLog: f.ids(12, 2),
    authorLog: f.ids(13, 2),
    stamp: f.uint(14),
    schema: f.uint(15),
    audience: f.small(16, { must: false }),
    grants: f.ids(17, 64),
    withdrawals: f.ids(18, 64),
    key: id(19),
    salt: f.bytes(20, { length: 16 }),
    bodyLength: f.uint(21),
    bodyHash: id(22, true),
    projects: id(23),
    branch: f.small(24, { must: false }),
    adopts: f.ids(25),
    caseGrants: granting(f.get(27)),
    later: f.unknown().filter((n) => n >= 26 || n === 0),
  };
  check(out);
  return out;
}

/** granting reads field 27: older programs know it as a later field, so what is no list of ids grants nothing. */
function granting(v) {
  if (v?.type !== 'array' || v.value.length > 64 || v.value.some((x) => x.type !== 'bytes' || x.value.length !== 32)) return [];
  const ids = v.value.map((x) => x.value);
  return ids.every((x, i) => i === 0 || compare(ids[i - 1], x) < 0) ? ids : [];
}

function check(h) {
  const rule = (holds, text) => need(holds, 'malformed', text);
  const first = h.record === undefined;
  const log = h.class === TREE;
  rule(h.class >= TREE && h.class <= CASE, 'class');
  rule(h.kind >= 1 && h.kind <= 255, 'kind');
  const known = h.kind <= kinds.document;
  rule(log === (h.kind === kinds.log) && (h.class === DIGEST) === (h.kind === kinds.digest), 'class and kind disagree');
  rule(h.number >= 1 && h.number <= 2 ** 53, 'number');
  rule((h.number === 1) === (h.previous === undefined), 'previous is absent exactly at number 1');
  rule(first === (h.heads.length === 0), 'heads are absent exactly in a first operation');
  rule(!known || (h.kind >= kinds.notes) === (h.case !== undefined), 'case stands exactly in notes, digests, documents');
  rule(h.ownerLog.length > 0 || (log && first), "the owner's log heads are missing");
  rule(first === (h.audience !== undefined), 'audience stands exactly in a first operation');
  if (first) {
    rule(h.audience >= 1 && h.audience <= 3, 'audience');
    rule(!known || (log || h.class === DIGEST) === (h.audience === 2), 'audience and class disagree');
    rule(!known || (h.kind === kinds.notes) === (h.audience === 3), 'audience and kind disagree');
  }
  rule(!known || h.grants.length + h.withdrawals.length === 0 || h.kind === kinds.case || h.kind === kinds.document, 'grants');
  rule(log === (h.key === undefined), 'a key is named exactly where the body is sealed');
  rule((h.class === DIGEST) === (h.projects !== undefined), 'projects stands exactly in digests');
  rule(log === (h.branch !== undefined) && (h.branch ?? 1) >= 1 && (h.branch ?? 1) <= 2, 'branch');
  rule(!log || h.heads.length <= 1, 'a log entry names one earlier entry');
}

/** associatedOf is what a body is sealed to: suite ‖ the header without fields 21 and 22. */
export function associatedOf(op) {
  const pairs = [...Fields.of('header', op.header).map].filter(([n]) => n !== 21 && n !== 22);
  return Buffer.concat([Buffer.from([op.suite]), encodeMap(pairs.map(([n, v]) => [n, v.raw]))]);
}
