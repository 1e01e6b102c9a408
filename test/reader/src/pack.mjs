// Packs and facts of a data folder (FORMAT 9, docs/format-packs.md).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cursor, equal, hex, need } from './bytes.mjs';
import { crc32c, hkdf, openGCM } from './crypt.mjs';

const HEADER = 84;
const RECORD = 32;
const TAG = 16;
const MAX_FRAME = 1 << 20;
const MAX_PAYLOAD = MAX_FRAME + 4096;
const MARKER = Buffer.from('f5484a52', 'hex');

export const PACK = { magic: 'HEJIEPAK', info: 'hejie pack v1', name: /^([0-9a-f]{8})-([0-9a-f]{32})\.pack$/ };
export const FACTS = { magic: 'HEJIEFAC', info: 'hejie facts v1', name: /^facts-([0-9a-f]{8})-([0-9a-f]{32})\.log$/ };

const fileKey = (kind, key, id) => hkdf(key, id, kind.info, 32);

/** readHeader reads a file's first 84 bytes: 'damaged', 'newer' and 'key' are refused as such. */
export function readHeader(kind, b, key) {
  need(b.length >= HEADER && b.toString('latin1', 0, 8) === kind.magic && crc32c(b.subarray(0, 80)) === b.readUInt32BE(80), 'damaged', 'the header is damaged');
  need(b.readUInt32BE(8) <= 2, 'newer', `version ${b.readUInt32BE(8)}`);
  need(b.readUInt32BE(8) === 2, 'old', 'made before the lasting format');
  const id = b.subarray(16, 32);
  openGCM(fileKey(kind, key, id), Buffer.alloc(12, 0xff), b.subarray(0, 64), b.subarray(64, 80));
  return { number: b.readUInt32BE(12), id, storeId: b.subarray(32, 48), first: b.readBigUInt64BE(48), before: b.readBigUInt64BE(56) };
}

/** recordLength is a record's whole length by its first 32 bytes, 0 where they begin none. */
function recordLength(b) {
  if (b.length < RECORD || !equal(b.subarray(0, 4), MARKER)) return 0;
  const n = b.readUInt32BE(4);
  const [pos, count] = [b.readUInt16BE(20), b.readUInt16BE(22)];
  const fits = n >= TAG && n <= MAX_PAYLOAD + TAG && pos < count && b.readBigUInt64BE(8) > BigInt(pos);
  return fits ? RECORD + n : 0;
}

/** readRecord opens one whole record. */
export function readRecord(key, b) {
  need(recordLength(b) === b.length && b.length > 0, 'damaged', 'no record');
  need(crc32c(b.subarray(4, 28), b.subarray(RECORD)) === b.readUInt32BE(28), 'damaged', 'the checksum does not fit');
  const payload = openGCM(key, b.subarray(8, 20), b.subarray(4, 28), b.subarray(RECORD), 'damaged');
  return { seq: b.readBigUInt64BE(8), salt: hex(b.subarray(16, 20)), position: b.readUInt16BE(20), count: b.readUInt16BE(22), end: b.readUInt32BE(24), payload };
}

/** scan gives the valid records of a file's bytes in order, and the stretches where none begins. */
export function scan(key, bytes, from, end, lastSeq = 0n) {
  const records = [];
  const damage = [];
  let bad = -1;
  let last = lastSeq;
  for (let at = from; at < end; ) {
    const n = recordLength(bytes.subarray(at, end));
    let r;
    if (n > 0 && at + n <= end) {
      try {
        r = readRecord(key, bytes.subarray(at, at + n));
      } catch (e) {
        if (e.why !== 'damaged') throw e;
      }
    }
    if (r && r.seq > last) {
      if (bad >= 0) damage.push([bad, at]);
      bad = -1;
      last = r.seq;
      records.push({ ...r, at, length: n });
      at += n;
      continue;
    }
    if (bad < 0) bad = at;
    const next = bytes.indexOf(MARKER[0], at + 1);
    at = next < 0 || next >= end ? end : next;
  }
  if (bad >= 0) damage.push([bad, end]);
  return { records, damage, tail: bad };
}

/** readFramePayload reads a pack record's payload: a frame with its local fields. */
export function readFramePayload(payload) {
  const c = new Cursor(payload);
  const [kind, flags] = [c.byte(), c.byte()];
  need((flags & ~7) === 0, 'damaged', 'unknown flags');
  const f = { kind, id: c.take(32), arrived: c.u64() };
  for (const [bit, name, size] of [[1, 'sender', 32], [2, 'token', 16], [4, 'asked', 32]]) {
    if ((flags & bit) === 0) continue;
    f[name] = c.take(size);
    need(f[name].some((b) => b !== 0), 'damaged', `a flagged ${name} of zeros`);
  }
  f.bytes = c.take(c.left);
  need(f.bytes.length <= MAX_FRAME, 'damaged', 'a frame over its limit');
  return f;
}

/** readFactPayload reads a fact's payload: a put or a delete of a key. */
export function readFactPayload(payload) {
  const c = new Cursor(payload);
  const what = c.byte();
  const key = c.take(c.u16());
  const value = c.take(c.left);
  need((what === 1 || (what === 2 && value.length === 0)) && key.length >= 1 && key.length <= 256, 'damaged', 'a fact of another form');
  return { what, key: key.toString('utf8'), value };
}

/** filesOf lists a folder's files of a kind in order of their numbers. */
function filesOf(kind, dir) {
  let names;
  try {
    names = readdirSync(dir);
  } catch (e) {
    if (e.code === 'ENOENT') return [];
    throw e;
  }
  const files = names.map((name) => ({ name, match: kind.name.exec(name) })).filter((f) => f.match);
  return files.map((f) => ({ name: f.name, number: parseInt(f.match[1], 16), id: Buffer.from(f.match[2], 'hex') })).sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
}

/** readFiles opens all files of a kind: each with header, bytes and end; damage is collected, not thrown. */
function readFiles(kind, dir, key, damage) {
  const files = filesOf(kind, dir).map((f) => {
    const bytes = readFileSync(join(dir, f.name));
    const file = { ...f, bytes, end: bytes.length, key: fileKey(kind, key, f.id) };
    try {
      file.header = readHeader(kind, bytes, key);
    } catch (e) {
      if (e.why !== 'damaged') throw e;
      if (bytes.length > HEADER) damage.push(`${f.name}: the header is damaged`);
      return file;
    }
    need(file.header.number === f.number && equal(file.header.id, f.id), 'damaged', `${f.name} was renamed`);
    return file;
  });
  files.forEach((f, i) => {
    const next = files[i + 1];
    if (next?.header && next.number === f.number + 1 && next.header.before > 0n) f.end = Math.min(f.end, Number(next.header.before));
  });
  return files;
}

/** readPacks reads every frame of a data folder in order: {frames, damage, torn, files}. */
export function readPacks(dir, key) {
  const out = { frames: [], damage: [], torn: 0, files: 0 };
  const files = readFiles(PACK, join(dir, 'packs'), key, out.damage);
  out.files = files.length;
  const seen = new Set();
  let last = 0n;
  files.forEach((f, i) => {
    if (f.bytes.length <= HEADER) return;
    const found = scan(f.key, f.bytes, HEADER, f.end, last);
    const records = dropTorn(found, f, i === files.length - 1, out);
    for (const [from, to] of found.damage) out.damage.push(`${f.name}: ${from} to ${to}: no readable record`);
    for (const r of records) {
      if (last > 0n && r.seq !== last + 1n) out.damage.push(`${f.name} at ${r.at}: ${r.seq - last - 1n} records are missing before seq ${r.seq}`);
      last = r.seq;
      takeFrame(out, seen, f, r);
    }
  });
  return out;
}

function takeFrame(out, seen, file, r) {
  let frame;
  try {
    frame = readFramePayload(r.payload);
  } catch (e) {
    out.damage.push(`${file.name} at ${r.at}: ${e.message}`);
    return;
  }
  if (seen.has(hex(frame.id))) return; // it counts where it lies first
  seen.add(hex(frame.id));
  out.frames.push({ ...frame, seq: r.seq });
}

/** dropTorn takes away the last file's last commit where it is not whole: it was never acknowledged. */
function dropTorn(found, file, lastFile, out) {
  const { records } = found;
  if (!lastFile) return records;
  const end = records.at(-1);
  const first = end ? end.seq - BigInt(end.position) : 0n;
  const commit = end ? records.filter((r) => r.seq - BigInt(r.position) === first && r.salt === end.salt && r.count === end.count && r.end === end.end) : [];
  const whole = !end || commit.length === end.count;
  const synced = end && file.bytes.length > end.end;
  if (found.tail >= 0 || (!whole && !synced)) {
    const from = !whole && !synced ? commit[0].at : found.tail;
    if (found.tail >= 0) found.damage.pop(); // a torn end is cut, not reported
    out.torn = file.end - from;
  }
  return whole || synced ? records : records.filter((r) => !commit.includes(r));
}

/** readFacts gives the facts of a data folder: a Map of key → value. */
export function readFacts(dir, key) {
  const out = { facts: new Map(), damage: [] };
  const files = readFiles(FACTS, join(dir, 'local'), key, out.damage);
  for (const f of files) {
    if (f.bytes.length <= HEADER) continue;
    const found = scan(f.key, f.bytes, HEADER, f.bytes.length);
    const tail = found.tail >= 0 ? found.damage.pop() : undefined;
    if (tail && f !== files.at(-1)) found.damage.push(tail);
    for (const [from, to] of found.damage) out.damage.push(`${f.name}: ${from} to ${to}: no readable record`);
    for (const r of found.records) {
      const fact = readFactPayload(r.payload);
      if (fact.what === 1) out.facts.set(fact.key, fact.value);
      else out.facts.delete(fact.key);
    }
  }
  return out;
}

