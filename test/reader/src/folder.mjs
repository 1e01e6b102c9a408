// A whole data folder: key file, packs, logs, wraps, bodies, entries, receipts (FORMAT 5 to 9, 11).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyInside, openBody } from './body.mjs';
import { equal, H, hex, need } from './bytes.mjs';
import { readChanges } from './changes.mjs';
import { ed25519Public, XWing } from './crypt.mjs';
import { readEntry } from './entry.mjs';
import { entriesOf, fingerprint, placedIn } from './entries.mjs';
import { Fields } from './fields.mjs';
import { readFrame, TREE } from './frame.mjs';
import { openBySheet, openLocal, openSlot, readKeyFile, readSheet, readUnitKeys } from './keyfile.mjs';
import { readFacts, readPacks } from './pack.mjs';
import { readReceipt } from './receipt.mjs';
import { readTree } from './tree.mjs';
import { openWrap, readWrap } from './wrap.mjs';

export const OPERATION = 1;
export const WRAP = 2;

/** unlock opens a folder's key file by a seat's secret or by a recovery sheet: the store key. */
export function unlock(dir, { secret, sheet }) {
  if (sheet) return openBySheet(readKeyFile(readFileSync(join(dir, 'keys', 'keys'))), readSheet(sheet));
  return unlockSeat(dir, secret).storeKey;
}

/** unlockSeat opens the slot that a secret opens: {storeKey, seat, signing}. */
export function unlockSeat(dir, secret) {
  const slots = readKeyFile(readFileSync(join(dir, 'keys', 'keys'))).slots.filter((s) => s.kind === 1);
  for (const slot of slots) {
    try {
      return { ...openSlot(slot, secret), seat: slot.seat };
    } catch (e) {
      if (e.why !== 'secret' || slot === slots.at(-1)) throw e;
    }
  }
  return need(false, 'secret', 'the folder has no seat');
}

/** readFolder reads and verifies everything that the store key opens. */
export function readFolder(dir, storeKey) {
  const packs = readPacks(dir, storeKey);
  const facts = readFacts(dir, storeKey);
  const out = { files: packs.files, torn: packs.torn, damage: [...packs.damage, ...facts.damage], facts: facts.facts.size, operations: [], wraps: [], other: 0 };
  for (const f of packs.frames) readOne(out, f);
  const own = readOwn(dir, storeKey, out.damage);
  out.own = own;
  out.receipts = readReceipts(facts.facts, out.damage);
  understand(out);
  return out;
}

/** understand opens what is held and computes what follows from it; again whenever frames came. */
export function understand(out) {
  out.ring = readRing(out, out.own.readingKeys);
  openAll(out, out.ring);
  readLogs(out);
}

/** readOne reads and verifies a frame {kind, bytes, id?}; what does not hold is noted as damage. */
export function readOne(out, f) {
  try {
    if (f.kind !== OPERATION && f.kind !== WRAP) {
      out.other++; // of a later version: kept
      return undefined;
    }
    const read = f.kind === OPERATION ? readFrame(f.bytes) : readWrap(f.bytes);
    need(!f.id || equal(read.id, f.id), 'malformed', 'the record names another id');
    read.frame = f.bytes;
    (f.kind === OPERATION ? out.operations : out.wraps).push(read);
    return read;
  } catch (e) {
    if (e.why === 'suite' || e.why === 'newer') out.other++;
    else out.damage.push(`frame ${f.id ? hex(f.id) : 'that came'}: ${e.message}`);
    return undefined;
  }
}

/** readOwn reads what lies in keys/ under the store key, and the instance file. */
function readOwn(dir, storeKey, damage) {
  const own = { readingKeys: [] };
  const path = (name) => join(dir, ...name.split('/'));
  const read = (name, fn) => {
    if (!existsSync(path(name))) return;
    try {
      fn(readFileSync(path(name)));
    } catch (e) {
      damage.push(`${name}: ${e.message}`);
    }
  };
  read('keys/unit', (b) => {
    const keys = readUnitKeys(openLocal(storeKey, 'unit keys', b));
    own.readingKeys = keys.reading.map((seed) => new XWing(seed));
    own.issuing = keys.issuing && ed25519Public(keys.issuing);
  });
  read('keys/machine', (b) => {
    own.machineSeed = openLocal(storeKey, 'machine key', b);
    own.machine = ed25519Public(own.machineSeed);
  });
  read('keys/state', (b) => {
    const f = Fields.of('state', b);
    need(f.small(1) === 1, 'newer', 'the state file');
    Object.assign(own, { tree: f.bytes(2, { must: false, length: 32 }), unit: f.bytes(3, { must: false, length: 32 }), code: f.text(5, { must: false }), name: f.text(6, { must: false }) });
  });
  read('instance', (b) => {
    const f = Fields.of('instance', b);
    Object.assign(own, { counter: f.uint(1), epoch: f.bytes(2, { length: 8 }) });
  });
  return own;
}

/** readRing opens wraps until no further key comes: audience keys and grants first, then what lies under them. */
function readRing(out, readingKeys) {
  const ring = new Map();
  const byName = new Map(readingKeys.map((k) => [hex(k.name), k]));
  const add = (key) => ring.set(hex(H('hejie key v1', key)), key);
  let left = out.wraps.filter((w) => w.method < 3 && w.later.length === 0);
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    left = left.filter((w) => {
      const key = w.method === 2 ? byName.get(hex(w.for)) : ring.get(hex(w.for));
      if (!key) return true;
      try {
        add(openWrap(w, key));
      } catch (e) {
        out.damage.push(`wrap ${hex(w.id)}: ${e.message}`);
      }
      return false;
    });
  }
  for (const op of out.operations.filter((o) => o.fields.keyInside)) {
    const audience = ring.get(hex(op.body.subarray(0, 32)));
    if (audience) add(keyInside(op, audience));
  }
  return ring;
}

function openAll(out, ring) {
  out.opened = 0;
  out.locked = 0;
  out.changes = 0;
  out.unknown = 0;
  for (const op of out.operations) {
    if (op.fields.class === TREE || !op.fields.key) continue;
    const key = ring.get(hex(op.fields.key));
    if (!key) {
      out.locked++; // carried for others
      continue;
    }
    openOne(out, op, key);
  }
}

/** openOne reads a body; one that is broken or a later program's is held without effect. */
function openOne(out, op, key) {
  let content;
  try {
    content = openBody(op, key);
  } catch (e) {
    if (e.why === 'newer') op.newer = true;
    else if (e.why === 'content') op.broken = true;
    else out.damage.push(`operation ${hex(op.id)}: ${e.message}`);
    return;
  }
  out.opened++;
  try {
    op.content = readChanges(content);
  } catch {
    op.broken = true;
    return;
  }
  out.changes += op.content.changes.length;
  out.unknown += op.content.changes.filter((c) => c.kind === 'unknown').length + op.content.unknown.filter((n) => n < 128).length;
}

function readLogs(out) {
  const logs = out.operations.filter((op) => op.fields.class === TREE);
  const entries = [];
  for (const op of logs) {
    try {
      entries.push(readEntry(op));
    } catch (e) {
      out.damage.push(`log entry ${hex(op.id)}: ${e.message}`);
    }
  }
  out.logs = logs.length;
  const root = logs[0]?.fields.tree;
  out.tree = readTree(root, inDependence(entries));
  out.entries = entriesOf(out.tree, out.operations, out.wraps);
  out.fingerprint = fingerprint(out.entries);
  out.placed = placedIn(out.tree, out.operations);
}

/** inDependence puts entries after those that they name. */
export function inDependence(entries) {
  const left = new Map(entries.map((e) => [hex(e.op.id), e]));
  const done = [];
  const visit = (e) => {
    if (!left.delete(hex(e.op.id))) return;
    for (const id of [...e.op.fields.heads, ...e.op.fields.ownerLog, ...e.op.fields.authorLog]) {
      const before = left.get(hex(id));
      if (before) visit(before);
    }
    done.push(e);
  };
  for (const e of entries) visit(e);
  return done;
}

function readReceipts(facts, damage) {
  const receipts = [];
  for (const [key, value] of facts) {
    if (!key.startsWith('receipt/')) continue;
    try {
      const r = readReceipt(value);
      const part = r.part && r.part[0] > 1n ? `/part${r.part[0]}` : '';
      need(key === `receipt/${hex(r.owner)}/${hex(r.machine)}${r.for ? `/${hex(r.for)}` : ''}${part}`, 'malformed', 'it lies under another key');
      receipts.push(r);
    } catch (e) {
      damage.push(`${key}: ${e.message}`);
    }
  }
  return receipts;
}

/** counts is what the command prints. */
export function counts(f) {
  return {
    files: f.files, operations: f.operations.length, wraps: f.wraps.length, other: f.other, logs: f.logs, units: f.tree.units.size, opened: f.opened, locked: f.locked,
    changes: f.changes, unknown: f.unknown, facts: f.facts, receipts: f.receipts.length, entries: f.fingerprint.count, sum: hex(f.fingerprint.sum), torn: f.torn, damage: f.damage,
  };
}
