// What the reader holds while it meets a station: a folder's frames and receipts, and what came, all in memory.
import { compare, equal, hex, need } from './bytes.mjs';
import { fingerprint, goesTo, onWay } from './entries.mjs';
import { OPERATION, readOne, understand, WRAP } from './folder.mjs';
import { readReceipt } from './receipt.mjs';
import { pathOfUnit, stationsEver, unitOfSeat } from './tree.mjs';

/** LOGS and DATA are the two phases of an exchange: entry class 1, and 2 to 5. */
export const LOGS = 1;
export const DATA = 2;

export class Holds {
  constructor(folder, peerUnit) {
    Object.assign(this, { folder, peerUnit });
    this.frames = new Map();
    for (const f of folder.operations) this.frames.set(hex(f.id), { kind: OPERATION, bytes: f.frame });
    for (const f of folder.wraps) this.frames.set(hex(f.id), { kind: WRAP, bytes: f.frame });
  }

  /** keys are the entry keys of a phase that go to both units, sorted. */
  keys(phase) {
    const both = [this.folder.own.unit, this.peerUnit].map((u) => pathOfUnit(this.folder.tree, u));
    need(both.every(Boolean), 'peer', 'one of the two units has no path here');
    return this.folder.entries.filter((k) => (phase === LOGS) === (k[0] === 1) && both.every((p) => goesTo(k, p)));
  }

  print(phase) {
    return fingerprint(this.keys(phase));
  }

  frameOf(key) {
    return this.frames.get(hex(key.subarray(41)));
  }

  /** take verifies frames that came, opens what they bring and gives their ids; one that does not hold ends the meeting. */
  take(frames) {
    if (frames.length === 0) return [];
    const read = frames.map((f) => readOne(this.folder, f)).filter(Boolean);
    for (const f of read) {
      need(!this.frames.has(hex(f.id)), 'peer', `it gave ${hex(f.id)} a second time`);
      this.frames.set(hex(f.id), { kind: f.sealed ? WRAP : OPERATION, bytes: f.frame });
    }
    understand(this.folder);
    need(this.folder.damage.length === 0, 'damaged', this.folder.damage.join('; '));
    return read.map((f) => f.id);
  }

  /** receipts are those held that go to both units (FORMAT 11). */
  receipts() {
    return this.folder.receipts.filter((r) => this.goes(r, this.folder.own.unit) && this.goes(r, this.peerUnit)).map((r) => r.bytes);
  }

  goes(r, unit) {
    const { tree } = this.folder;
    const [at, from, to] = [unit, r.unit, r.for ?? r.owner].map((u) => pathOfUnit(tree, u));
    if (!at || !from || !to) return false;
    return onWay(at, from, to) || (!r.for && equal(r.unit, r.owner) && stationsEver(tree, r.owner).some((s) => equal(s, unit)));
  }

  /** takeReceipts takes those with a greater counter than what is held, and tells how many. */
  takeReceipts(list) {
    const { tree, receipts, own } = this.folder;
    let taken = 0;
    for (const bytes of list) {
      const r = readReceipt(bytes);
      need(equal(r.tree, own.tree) && equal(unitOfSeat(tree, r.machine) ?? [], r.unit) && this.goes(r, own.unit), 'receipt', `a receipt of ${hex(r.machine)} that does not belong here`);
      const at = receipts.findIndex((h) => placeOf(h) === placeOf(r));
      if (at >= 0 && receipts[at].counter >= r.counter) continue;
      receipts.splice(at < 0 ? receipts.length : at, at < 0 ? 0 : 1, r);
      taken++;
    }
    return taken;
  }
}

const placeOf = (r) => [r.machine, r.owner, r.for ?? []].map(hex).concat(r.part?.[0] ?? 1).join('/');

/** between are the keys in [lo, hi); the zero key as hi is the end. */
export function between(keys, lo, hi) {
  const end = hi.every((b) => b === 0);
  return keys.filter((k) => compare(k, lo) >= 0 && (end || compare(k, hi) < 0));
}
