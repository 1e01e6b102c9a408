// Verifies the vectors of test/vectors: each says in `expect` whether its bytes hold or why not.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBody, unpack } from './body.mjs';
import { compare, concat, equal, H, hex, need, refuse, Refusal, unhex } from './bytes.mjs';
import { decode } from './cbor.mjs';
import { readCert, signedBy } from './cert.mjs';
import { readChanges, showChange } from './changes.mjs';
import { ed25519Public, hkdf, signingKey, verifyEd25519, XWing } from './crypt.mjs';
import { readEntry } from './entry.mjs';
import { entriesOf, fingerprint, goesTo, sent } from './entries.mjs';
import * as exchange from './exchange.mjs';
import { counts, inDependence, readFolder, unlock } from './folder.mjs';
import { readFrame, TREE } from './frame.mjs';
import { openBySheet, openEscrow, openLocal, openSlot, readKeyFile, readSheet } from './keyfile.mjs';
import { FACTS, PACK, readFramePayload, readHeader, readPacks, readRecord } from './pack.mjs';
import { readReceipt } from './receipt.mjs';
import { readRequest, readWordList, sixWords } from './request.mjs';
import { marksOf, matchingMark, openMatching } from './matching.mjs';
import { stopsIn } from './stops.mjs';
import { weightOf } from './weigh.mjs';
import { openChunk, pieceId, readList, readProof } from './later.mjs';
import { matchingOf, readTree } from './tree.mjs';
import { openWrap, readWrap } from './wrap.mjs';

/** text is JSON with the keys of objects in order. */
const text = (x) => JSON.stringify(x, (_, v) => (v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v));
const same = (what, got, want) => need(text(got) === text(want), 'differs', `${what} is ${text(got)} instead of ${text(want)}`);
const sameHex = (what, got, want) => want !== undefined && same(what, got === undefined ? '' : hex(got), want);

/** Each file of vectors has its own check; it refuses, or holds what it read to what the vector says. */
const checks = {
  cbor: (v) => decode(unhex(v.data)),
  hashes: (v) => sameHex('the hash', H(v.domain, ...v.parts.map(unhex)), v.hash),
  signatures: (v) => {
    need(verifyEd25519(signingKey(unhex(v.key)), unhex(v.message), unhex(v.signature)), 'signature', 'the signature does not fit');
  },
  frames: (v) => {
    const op = readFrame(unhex(v.frame), v.frame_kind === 3);
    sameHex('the id', op.id, v.id);
    sameHex('the record', op.record, v.record);
    same('class', op.fields.class, v.class);
    same('kind', op.fields.kind, v.kind);
    same('number', op.fields.number, v.number);
    if (v.case_grants) same('what its case operation grants', op.fields.caseGrants.map(hex), v.case_grants);
    same('later fields', op.fields.later, v.later ?? []);
  },
  contents: (v) => sameHex('the content', unpack(unhex(v.plain)), v.content),
  bodies: (v) => sameHex('the content', openBody(readFrame(unhex(v.frame)), unhex(v.key)), v.content),
  changes: (v) => {
    const body = readChanges(unhex(v.content));
    same('changes', body.changes.map(showChange), v.shows);
    same('remark', body.remark, v.remark ?? '');
    same('unknown keys', body.unknown.map(Number), v.unknown ?? []);
    if (v.weight) same('the weight', weightOf(body), v.weight);
    const marks = (v.marks ?? []).map(({ operation, index, number }) => ({ operation, index, mark: hex(matchingMark(unhex(v.key), number, v.category)) }));
    same('marks', marksOf(body.changes), marks);
    same('marks as they are written', marks.map((m) => m.mark), (v.marks ?? []).map((m) => m.mark));
  },
  keys: (v) => {
    if (v.key) return sameHex('the commitment', H('hejie key v1', unhex(v.key)), v.name_);
    if (v.signing) return sameHex('the public key', ed25519Public(unhex(v.signing)), v.public);
    const key = new XWing(unhex(v.seed));
    sameHex('the public key', key.public, v.public);
    return sameHex('the name', key.name, v.name_);
  },
  wraps: (v) => {
    const w = readWrap(unhex(v.frame));
    sameHex('the id', w.id, v.id);
    same('method', w.method, v.method);
    if (v.opens) sameHex('what is inside', openWrap(w, v.seed ? new XWing(unhex(v.seed)) : unhex(v.key)), v.opens);
  },
  requests: (v, dir) => {
    const q = readRequest(unhex(v.request));
    same('kind', q.kind, v.kind);
    sameHex('the unit', q.unit, v.unit);
    same('six words', sixWords(q.raw, readWordList(join(dir, '../../sync/identity/words.txt'))), v.words);
  },
  certificates: (v) => {
    const c = readCert(unhex(v.certificate));
    if (v.issuer) signedBy(c, unhex(v.issuer));
    sameHex('the unit', c.unit, v.unit);
    same('kind', c.kind, v.kind);
    same('roles', c.roles, v.roles ?? []);
    same('name', c.name, v.holder);
  },
  logs: (v) => {
    const entries = v.frames.map((f) => readEntry(readFrame(unhex(f))));
    same('items', entries.map((e) => e.items.map((i) => (i.unknown ? -i.type : i.type))), v.items);
    if (!v.root) return;
    const tree = readTree(unhex(v.root), inDependence(entries));
    if (v.stops) checkStops(tree, entries, v);
    if (v.tables) same('tables', tablesOf(tree), v.tables);
    if (v.matching) checkMatching(tree, v.matching);
    if (!v.units) return;
    const units = [...tree.units.values()].map((u) => ({ id: hex(u.id), path: hex(u.path), station: hex(u.station), reading: hex(H('hejie public key v1', u.reading)), seats: u.seats.length }));
    same('units', units.sort((a, b) => (a.id < b.id ? -1 : 1)), v.units);
  },
  receipts: (v) => {
    const r = readReceipt(unhex(v.receipt));
    sameHex('machine', r.machine, v.machine);
    sameHex('owner', r.owner, v.owner);
    same('counter', Number(r.counter), v.counter);
    if (v.for) sameHex('the unit that it is for', r.for, v.for);
    same('lanes', r.lanes.map((l) => [hex(l.seat), hex(l.epoch), l.class, l.runs.map(([from, to, last]) => [Number(from), Number(to), hex(last)])]), v.lanes);
  },
  proofs: (v) => {
    const p = readProof(unhex(v.proof));
    same('number', Number(p.number), v.number);
    sameHex('root', p.root, v.root);
  },
  pieces: (v) => {
    if (v.list === undefined) {
      sameHex('the id', pieceId(unhex(v.piece)), v.id);
      return sameHex('the content', openChunk(unhex(v.key), unhex(v.piece), v.place, v.last), v.content);
    }
    sameHex('the id', pieceId(unhex(v.list)), v.id);
    return readList(unhex(v.list), v.chunks, v.bytes);
  },
  keyfiles: (v) => {
    const file = readKeyFile(unhex(v.file));
    sameHex('the store id', file.store, v.store);
    if (v.sheet) return sameHex('the store key', openBySheet(file, readSheet(v.sheet)), v.storeKey);
    const slot = file.slots.find((s) => s.kind === 1 && hex(s.seat) === v.seat) ?? refuse('malformed', 'no such seat');
    const o = openSlot(slot, v.secret);
    sameHex('the store key', o.storeKey, v.storeKey);
    sameHex('the signing seed', o.signing, v.signing);
    return sameHex('the encryption seed', o.encryption, v.encryption);
  },
  sheets: (v) => {
    if (v.reserve) {
      const key = ed25519Public(hkdf(readSheet(v.text, true), Buffer.alloc(0), 'hejie reserve key v1', 32));
      sameHex('the reserve key', key, v.reserve);
      return sameHex('the promise', H('hejie reserve promise v1', key), v.promise);
    }
    const bits = readSheet(v.text);
    sameHex('the bits', bits, v.bits);
    if (!v.escrow) return;
    const keys = openEscrow(bits, unhex(v.escrow));
    sameHex('the reading seed', keys.reading, v.reading);
    sameHex('the issuing seed', keys.issuing, v.issuing);
  },
  locals: (v) => sameHex('what is inside', openLocal(unhex(v.storeKey), v.label, unhex(v.box)), v.plain),
  entries: (v) => checkEntries(v),
  records: (v) => {
    const key = unhex(v.key);
    const kind = v.facts ? FACTS : PACK;
    if (v.header) return same('the number', readHeader(kind, unhex(v.header), key).number, v.number);
    const r = readRecord(hkdf(key, unhex(v.fileId), kind.info, 32), unhex(v.record));
    same('seq, position, count, end', [Number(r.seq), r.position, r.count, r.end], v.place);
    const f = readFramePayload(r.payload);
    same('kind', f.kind, v.kind);
    return sameHex('the frame', f.bytes, v.frame);
  },
  folders: (v, dir) => checkFolder(v, dir),
  messages: (v) => checkMessage(v),
  sessions: (v) => checkSession(v),
};

function checkStops(tree, entries, v) {
  const got = stopsIn(tree, entries);
  const list = (items) => items.map((i) => ({ entry: hex(i.entry), index: i.index, type: i.type })).sort((a, b) => (a.entry < b.entry ? -1 : 1));
  same('stops', list(got.stops), v.stops);
  same('told', list(got.told), v.told);
  same('stopped', got.stopped.map(hex).sort().map((entry) => ({ entry })), v.stopped);
  same('rules', Number(got.rules), v.rules);
}

function readAll(v) {
  return { operations: v.operations.map((f) => readFrame(unhex(f))), wraps: (v.wraps ?? []).map((f) => readWrap(unhex(f))) };
}

function checkEntries(v) {
  const { operations, wraps } = readAll(v);
  const logs = operations.filter((op) => op.fields.class === TREE).map(readEntry);
  const tree = readTree(unhex(v.root), inDependence(logs));
  const keys = entriesOf(tree, operations, wraps);
  same('entry keys', keys.map(hex), v.keys);
  const fp = fingerprint(keys);
  same('count', fp.count, v.count);
  sameHex('sum', fp.sum, v.sum);
  if (v.salt) sameHex('as it is sent', sent(unhex(v.salt), fp), v.sent);
  for (const s of v.shared ?? []) {
    const both = [v.self, s.unit].map((u) => tree.units.get(u).path);
    same(`what ${v.self} shares with ${s.unit}`, keys.filter((k) => both.every((p) => goesTo(k, p))).length, s.count);
  }
}

/** checkFolder reads a folder, or a copy of it with one change. */
function checkFolder(v, dir) {
  let at = join(dir, v.folder);
  let copy;
  try {
    if (v.change) {
      copy = mkdtempSync(join(tmpdir(), 'hejie-reader-'));
      cpSync(at, copy, { recursive: true });
      at = copy;
      damageFile(join(at, v.change.file), v.change);
    }
    const key = v.key ? unhex(v.key) : unlock(at, v);
    sameHex('the store key', key, v.storeKey);
    if (v.whole) return same('what is there', summary(readFolder(at, key)), v.whole);
    const packs = readPacks(at, key);
    if (packs.damage.length > 0) {
      same('frames beside the damage', packs.frames.length, v.frames);
      refuse('damaged', packs.damage.join('; '));
    }
    same('frames', packs.frames.map((f) => hex(f.id)), v.ids);
    return same('torn bytes', packs.torn, v.torn ?? 0);
  } finally {
    if (copy) rmSync(copy, { recursive: true });
  }
}

function summary(folder) {
  const { operations, wraps, logs, units, opened, locked, changes, receipts, entries, sum, damage } = counts(folder);
  need(damage.length === 0, 'damaged', damage.join('; '));
  return { operations, wraps, logs, units, opened, locked, changes, receipts, entries, sum, unit: hex(folder.own.unit), machine: hex(folder.own.machine) };
}

function damageFile(path, { flip, cut, append }) {
  let b = readFileSync(path);
  if (flip !== undefined) b[flip] ^= 1;
  if (cut !== undefined) b = b.subarray(0, cut);
  if (append !== undefined) b = concat(b, unhex(append));
  writeFileSync(path, b);
}

/** tablesOf lists what the units published, by path. */
function tablesOf(tree) {
  const units = [...tree.units.values()].sort((a, b) => compare(a.path, b.path));
  return units.flatMap((u) => u.tables.map((t) => ({ unit: hex(u.id), table: t.name, version: Number(t.version), from: t.day, content: hex(t.content) })));
}

/** checkMatching opens the matching key that was handed to a unit, and makes the mark of a number and a category. */
function checkMatching(tree, want) {
  const items = matchingOf(tree, unhex(want.unit));
  same('items that hand a matching key', items.length, 1);
  const key = openMatching(tree, unhex(want.unit), items[0], new XWing(unhex(want.seed)));
  sameHex('the matching key', key, want.key);
  sameHex('the mark', matchingMark(key, want.number, want.category), want.mark);
}

function checkMessage(v) {
  if (v.request) return void exchange.readRequest(unhex(v.request));
  if (v.response) return void exchange.readResponse(unhex(v.response));
  if (v.batch) return same('frames', exchange.readBatch(unhex(v.batch)).map((f) => [f.kind, hex(f.bytes)]), v.frames);
  const { ranges } = exchange.readRanges(unhex(v.ranges));
  return same('ranges', ranges.filter((r) => r.mode !== 0).map((r) => [r.mode, hex(r.lo), hex(r.hi), r.shorts?.length ?? r.count ?? 0]), v.shows);
}

/** checkSession reads a recorded session, message by message, and holds what is claimed to what both sides have. */
function checkSession(v) {
  const sides = [readAll(v.initiator), readAll(v.responder)];
  const roots = unhex(v.root);
  const of = (side) => {
    const logs = side.operations.filter((op) => op.fields.class === TREE).map(readEntry);
    const tree = readTree(roots, inDependence(logs));
    const both = [v.initiator.unit, v.responder.unit].map((u) => tree.units.get(u).path);
    const keys = entriesOf(tree, side.operations, side.wraps).filter((k) => both.every((p) => goesTo(k, p)));
    return { logs: fingerprint(keys.filter((k) => k[0] === 1)), data: fingerprint(keys.filter((k) => k[0] > 1)) };
  };
  const states = sides.map(of);
  let moved = 0;
  let proved = false;
  for (const [request, response] of v.messages) {
    const [q, r] = [exchange.readRequest(unhex(request)), exchange.readResponse(unhex(response))];
    need(q.grease === 1 && r.grease === 1, 'differs', 'a message without its random key');
    for (const batch of [q.batch, r.batch]) if (batch) moved += exchange.readBatch(batch).length;
    for (const part of [q.reconcile, q.wants, r.reconcile]) if (part) exchange.readRanges(part);
    q.news.concat(r.news).forEach(readReceipt);
    if (q.kind !== 1 || r.differ !== 0) continue;
    proved = true;
    checkHello(q, r, states[1], v.receipts.map(unhex));
  }
  need(proved, 'differs', 'the session does not end in step');
  need(equal(states[0].data.sum, states[1].data.sum) && equal(states[0].logs.sum, states[1].logs.sum), 'differs', 'the two sides hold different sets');
  same('frames moved', moved, v.moved);
}

/** checkHello holds a hello that found nothing that differs, and its proof, to the state of both sides. */
function checkHello(q, r, { logs, data }, receipts) {
  const salt = exchange.saltOf(q.nonce, Buffer.alloc(16));
  sameHex('the logs as hello says them', sent(salt, logs), hex(q.logs));
  sameHex('the data as hello says them', sent(salt, data), hex(q.data));
  sameHex('the receipts as hello says them', exchange.receiptsMark(salt, receipts), hex(q.receipts));
  sameHex('the proof', exchange.proofOf(exchange.saltOf(q.nonce, r.nonce), logs, data, receipts), hex(r.proof));
}

/** runVectors runs all files of a folder. A file of an unknown kind, or an empty one, fails. */
export function runVectors(dir) {
  const out = { passed: 0, failed: [] };
  const names = readdirSync(dir).filter((n) => n.endsWith('.json')).sort();
  for (const kind of Object.keys(checks)) if (!names.includes(`${kind}.json`)) out.failed.push({ where: `${kind}.json`, text: 'is missing' });
  for (const name of names) {
    const check = checks[name.slice(0, -'.json'.length)];
    const { vectors } = JSON.parse(readFileSync(join(dir, name), 'utf8'));
    if (!check || !vectors?.length) {
      out.failed.push({ where: name, text: check ? 'holds no vector' : 'this reader has no check for it' });
      continue;
    }
    for (const v of vectors) {
      const text = judge(check, v, dir);
      if (text) out.failed.push({ where: `${name}: ${v.name}`, text });
      else out.passed++;
    }
  }
  return out;
}

/** judge gives '' where a vector holds. */
function judge(check, v, dir) {
  try {
    check(v, dir);
  } catch (e) {
    if (!(e instanceof Refusal)) return `the reader broke: ${e.stack}`;
    if (e.why === v.expect) return '';
    return `expected ${v.expect}, got ${e.message}`;
  }
  return v.expect === 'ok' ? '' : `expected ${v.expect}, got ok`;
}
