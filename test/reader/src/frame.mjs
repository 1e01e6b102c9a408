// Operations: frame, header and what "held" means (FORMAT 2, 3).
import { Cursor, equal, H, need } from './bytes.mjs';
import { encodeMap } from './cbor.mjs';
import { signingKey, verifyEd25519 } from './crypt.mjs';
import { Fields } from './fields.mjs';
import { isDate } from './types.mjs';

const MAX_FRAME = 1 << 20;
const MAX_HEADER = 32768;
const MAX_CASE = 2048; // of a case's first operation: its digest bears it
const MAX_BODY = 1_000_000;

export const TREE = 1;
export const DIGEST = 2;
export const CASE = 3;
export const ERASURE = 4;
export const kinds = { log: 1, case: 2, notes: 3, digest: 4, document: 5, register: 8 };

/** cut splits a frame of an operation or a wrap (FORMAT 2). */
export function cut(frame, maxMap, maxBody) {
  need(frame.length >= 11 && frame.length <= MAX_FRAME, 'malformed', `a frame of ${frame.length} bytes`);
  const c = new Cursor(frame);
  const suite = c.byte();
  const [h, s, b] = [c.u32(), c.u16(), c.u32()];
  need(suite === 1, 'suite', `suite ${suite}`);
  const shared = s - 65;
  need(h >= 1 && h <= maxMap && (s === 64 || (shared > 0 && shared % 32 === 0 && shared / 32 <= 3)) && b <= maxBody, 'malformed', `lengths ${h}, ${s}, ${b}`);
  need(c.left === h + s + b, 'malformed', 'the lengths do not give the frame');
  return { suite, map: c.take(h), part: c.take(s), body: c.take(b) };
}

/** checkPart checks a signature part; `shares` says whether frames of the kind may share one. */
export function checkPart(suite, id, seat, part, shares) {
  let digest = H('hejie signature v1', id);
  if (part.length > 64) {
    need(shares, 'malformed', "only a case's operation and its digest share a signature");
    const others = [];
    for (let at = 65; at < part.length; at += 32) others.push(part.subarray(at, at + 32));
    const place = part[64];
    need(place <= others.length && !others.some((o) => equal(o, id)), 'malformed', 'a place that is not there');
    others.splice(place, 0, id);
    digest = H('hejie save v1', Buffer.from([suite]), Buffer.from([others.length]), ...others);
  }
  need(verifyEd25519(seat, digest, part.subarray(0, 64)), 'signature', 'the signature does not fit');
}

/** readFrame reads an operation and checks all that its bytes alone can tell; `bare`: one without its body (kind 3). */
export function readFrame(frame, bare = false) {
  const { suite, map: header, part, body } = cut(frame, MAX_HEADER, MAX_BODY);
  const id = H('hejie operation v1', Buffer.from([suite]), header);
  const fields = readHeader(header);
  if (bare) need(body.length === 0 && fields.bodyLength > 0n, 'malformed', 'not one without its body');
  else {
    need(body.length > 0 || fields.bodyLength === 0n, 'without', 'the body was taken away');
    need(fields.bodyLength === BigInt(body.length) && equal(fields.bodyHash, H('hejie body v1', body)), 'body', 'the body is not the one that was signed');
  }
  checkPart(suite, id, fields.seat, part, (fields.class === CASE && fields.kind === kinds.case) || fields.class === DIGEST);
  return { suite, id, header, signature: part, body, fields, record: fields.record ?? id, name: fields.projects ?? id };
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
    heads: f.ids(11),
    ownerLog: f.ids(12),
    authorLog: f.ids(13),
    stamp: f.uint(14),
    schema: f.uint(15),
    audience: f.small(16, { must: false, least: 1 }),
    grants: f.ids(17),
    withdrawals: f.ids(18),
    key: id(19),
    salt: f.bytes(20, { length: 16 }),
    bodyLength: f.uint(21),
    bodyHash: id(22, true),
    projects: id(23),
    branch: f.small(24, { must: false, least: 1 }),
    adopts: f.ids(25),
    caseGrants: f.ids(27),
    caseHeader: f.bytes(28, { must: false, least: 1 }),
    route: f.ids(29),
    attachments: (f.array(30, { must: false, least: 1 }) ?? []).map(attachment),
    keyInside: f.small(31, { must: false, least: 1, most: 255 }),
    erasure: f.get(32) && readErasure(f.get(32)),
    later: f.unknown().filter((n) => n <= 127),
  };
  check(out, header.length);
  return out;
}

function attachment(v) {
  need(v.type === 'array' && v.value.length === 3, 'malformed', 'an attachment');
  const [list, chunks, bytes] = v.value;
  need(list.type === 'bytes' && list.value.length === 32 && chunks.type === 'int' && bytes.type === 'int' && chunks.value >= 0n && bytes.value >= 0n, 'malformed', 'an attachment');
  return { list: list.value, chunks: chunks.value, bytes: bytes.value };
}

function readErasure(v) {
  const f = new Fields('erasure', v);
  const e = { act: f.small(1, { least: 1 }), ground: f.text(2, { must: false }), day: f.text(3, { must: false }), names: f.ids(4, 64) };
  need(e.ground === undefined || /^[a-z0-9_]{1,40}$/.test(e.ground), 'malformed', 'a ground');
  need(e.day === undefined || isDate(e.day), 'malformed', 'a day');
  need([...f.map.keys()].every((n) => n >= 1 && n <= 4), 'malformed', 'an erasure has four fields and nothing else');
  return e;
}

function check(h, length) {
  const rule = (holds, text) => need(holds, 'malformed', text);
  const first = h.record === undefined;
  const log = h.class === TREE;
  const later = h.class >= 5 && h.class <= 15;
  need(h.class <= 255 && h.kind <= 255 && (h.audience ?? 1) <= 255 && (h.branch ?? 1) <= 255, 'newer', 'a number beyond 255');
  need(h.class <= 15 && (!later || h.route.length > 0), 'newer', `class ${h.class}`);
  need(later || ((h.audience ?? 1) <= 3 && (h.branch ?? 1) <= 2), 'newer', 'audience or branch');
  signingKey(h.seat);
  rule(h.class >= 1 && h.kind >= 1, 'class and kind');
  rule(h.number >= 1 && h.number <= 2 ** 53, 'number');
  rule((h.number === 1) === (h.previous === undefined), 'previous is absent exactly at number 1');
  rule(first === (h.heads.length === 0) && h.heads.length <= 64, 'heads are absent exactly in a first operation');
  rule(h.ownerLog.length <= 2 && h.authorLog.length <= 2, 'log heads');
  rule(h.ownerLog.length > 0 || (log && first), "the owner's log heads are missing");
  rule(first === (h.audience !== undefined), 'audience stands exactly in a first operation');
  rule(later === (h.route.length > 0) && h.route.length <= 8, 'a route stands exactly in later classes');
  if (later) return;
  const ofUnit = h.kind >= 8 && h.kind <= 10;
  const known = h.kind <= 6 || ofUnit;
  rule(log === (h.kind === kinds.log) && (h.class === DIGEST) === (h.kind === kinds.digest) && (h.class === ERASURE) === (h.kind === 6), 'class and kind disagree');
  rule(!known || (h.kind >= kinds.notes && h.kind <= 6) === (h.case !== undefined), 'case stands exactly in notes, digests, documents, erasures');
  if (first && known) {
    rule((h.class !== CASE || ofUnit) === (h.audience === 2), 'audience and class disagree');
    rule((h.kind === kinds.notes) === (h.audience === 3), 'audience and kind disagree');
  }
  rule((h.class === DIGEST) === (h.projects !== undefined), 'projects stands exactly in digests');
  rule(log === (h.branch !== undefined), 'branch');
  rule(!log || h.heads.length <= 1, 'a log entry names one earlier entry');
  const sealed = h.class === DIGEST || h.class === CASE;
  rule(sealed === (h.key !== undefined), 'a key is named exactly where the body is sealed');
  rule(h.keyInside === undefined || (h.keyInside === 1 && sealed), 'key inside');
  rule((h.class === ERASURE) === (h.erasure !== undefined) && (h.class !== ERASURE || h.bodyLength === 0n), 'an erasure');
  need(h.class !== ERASURE || h.erasure.act <= 6, 'newer', `act ${h.erasure?.act} of an erasure`);
  rule(!known || h.grants.length + h.withdrawals.length === 0 || h.kind === kinds.case || h.kind === kinds.document, 'grants');
  rule(h.grants.length <= 8 && h.caseGrants.length <= 8 && h.withdrawals.length <= 64, 'too many grants');
  rule(h.caseGrants.length === 0 || h.class === DIGEST, 'case grants');
  rule(h.attachments.length <= 64 && (h.attachments.length === 0 || h.class === CASE), 'attachments');
  rule((h.class === DIGEST && first) === (h.caseHeader !== undefined) && (h.caseHeader?.length ?? 0) <= 2049, "a case's header");
  rule(h.kind !== kinds.case || !first || length <= MAX_CASE, "a case's first header is too long for its digest");
  if (h.caseHeader) checkCase(h);
}

/** checkCase holds a digest's first operation to the case that it says it is of. */
function checkCase(h) {
  need(h.caseHeader[0] === 1, 'suite', 'a case of another suite');
  const header = h.caseHeader.subarray(1);
  need(equal(H('hejie operation v1', h.caseHeader.subarray(0, 1), header), h.case), 'malformed', 'the header of another case');
  const of = readHeader(header);
  need(of.class === CASE && of.kind === kinds.case && of.record === undefined && equal(of.tree, h.tree) && equal(of.owner, h.owner), 'malformed', "another's case");
}

/** associatedOf is what a body is sealed to: suite ‖ the header without fields 21 and 22. */
export function associatedOf(op) {
  const pairs = [...Fields.of('header', op.header).map].filter(([n]) => n !== 21 && n !== 22);
  return Buffer.concat([Buffer.from([op.suite]), encodeMap(pairs.map(([n, v]) => [n, v.raw]))]);
}
