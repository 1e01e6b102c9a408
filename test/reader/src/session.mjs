// One meeting with a served station, as the initiator (docs/format-exchange.md 1 to 4).
import { randomBytes } from 'node:crypto';
import { compare, concat, equal, hex, need, refuse } from './bytes.mjs';
import { fingerprint, sent } from './entries.mjs';
import { partCount, proofOf, readBatch, readRanges, readResponse, receiptsMark, receiptName, saltOf, shortId } from './exchange.mjs';
import { between, DATA, LOGS } from './holds.mjs';
import * as say from './say.mjs';

const LIST = 64; // a range of so many own entries is listed, a larger one split
const PARTS = 16;
const AT_ONCE = 256; // ranges that one message asks about
const NAMES = 20_000; // short ids in one message of wants
const ROUNDS = 200; // a phase that takes more is a station that never comes to an end

const CODES = { 1: 'it is of another tree', 2: 'the two programs have no common version', 3: 'it does not know this machine', 4: 'it could not read the message', 5: 'it has begun anew', 6: 'it takes no more from this machine now', 7: 'it failed', 8: 'its disk is full' };

const zeros = Buffer.alloc(16);
const idOf = (key) => hex(key.subarray(41));

/** meet holds one meeting over a road and answers what it moved and how it ended. */
export async function meet(road, holds, log = () => {}) {
  const m = new Meeting(road, holds, log);
  await m.run();
  return m.out;
}

class Meeting {
  constructor(road, holds, log) {
    Object.assign(this, { road, holds, log });
    this.out = { differed: [], sent: 0, received: 0, receipts_sent: 0, receipts_received: 0, outcomes: {}, refusals: [], in_step: false };
  }

  /** run goes through hello, logs, data and receipts; hello again after the logs, since entry keys of data depend on them. */
  async run() {
    let r = await this.hello();
    if (r.differ & LOGS) {
      await this.phase(LOGS, r);
      r = await this.hello();
    }
    if (r.differ === 0) return;
    if (r.differ & DATA) await this.phase(DATA, r);
    await this.receipts();
  }

  /** ask sends a request and reads the answer; any code but 0 ends the meeting in words. */
  async ask(kind, keys) {
    const answer = readResponse(await this.road.post(say.request(kind, keys)));
    need(answer.grease > 0, 'peer', 'a message without its random key');
    if (answer.code !== 0) refuse('peer', `the station ends the meeting: ${CODES[answer.code] ?? `code ${answer.code}`}${answer.sentence ? ` (${answer.sentence})` : ''}`);
    return answer;
  }

  work(keys) {
    return this.ask(say.WORK, { 4: this.nonce, 5: this.theirs, ...keys });
  }

  async hello() {
    const { holds } = this;
    this.nonce = randomBytes(16);
    const first = saltOf(this.nonce, zeros);
    const [logs, data] = [holds.print(LOGS), holds.print(DATA)];
    const r = await this.ask(say.HELLO, {
      3: holds.folder.own.tree.subarray(0, 8), 4: this.nonce, 6: sent(first, logs), 7: sent(first, data), 8: receiptsMark(first, holds.receipts()),
      9: logs.count || undefined, 10: data.count || undefined,
    });
    need(r.nonce, 'peer', 'a hello without a nonce');
    this.theirs = r.nonce;
    this.salt = saltOf(this.nonce, r.nonce);
    this.log('hello', { differ: r.differ, logs: [logs.count, Number(r.logCount)], data: [data.count, Number(r.dataCount)] });
    this.out.differed.push(r.differ);
    if (r.differ === 0) {
      need(r.proof && equal(r.proof, proofOf(this.salt, logs, data, holds.receipts())), 'peer', 'it says that both hold the same and does not prove it');
      this.out.in_step = true;
      this.out.cargo = r.cargo;
    }
    return r;
  }

  /** phase brings the entries of a phase to the same set: finds what differs, pulls it, pushes it. */
  async phase(phase, hello) {
    const { lacks, gives } = await this.compare(phase, hello.phase === phase ? hello.reconcile : undefined);
    this.log('compared', { phase, lacks: lacks.reduce((n, r) => n + r.shorts.length, 0), gives: gives.length });
    await this.pull(phase, lacks);
    await this.push(phase, gives);
  }

  /** compare finds which entries one side has and the other lacks. `first` is the responder's first message, if hello brought it. */
  async compare(phase, first) {
    const mine = this.holds.keys(phase);
    const found = { lacks: [], gives: [] };
    let asks = first ? [] : [this.question(mine, say.END, say.END)];
    if (first) asks = this.answered(mine, readRanges(first), found, [{ lo: say.END, hi: say.END }]);
    for (let round = 0; asks.length > 0; round++) {
      need(round < ROUNDS, 'peer', 'the comparison does not come to an end');
      const now = asks.splice(0, AT_ONCE);
      const r = await this.work({ 12: phase, 13: say.ranges(now) });
      need(r.reconcile, 'peer', 'a comparison without an answer');
      asks = [...this.answered(mine, readRanges(r.reconcile), found, now), ...asks];
    }
    return found;
  }

  /** answered takes an answer: what is settled goes to `found`, what is not is asked next, with what the answer did not reach. */
  answered(mine, { ranges, covered }, found, asked) {
    const next = [];
    for (const r of ranges) {
      const own = between(mine, r.lo, r.hi);
      switch (r.mode) {
        case 0:
          break;
        case 2:
          next.push(...this.parts(mine, r));
          break;
        case 3:
          this.settle(r, own, new Set(r.shorts.map(hex)), found);
          break;
        case 4: {
          need(r.listed === own.length, 'peer', 'an answer to another list');
          found.gives.push(...own.filter((_, i) => r.lacks[i >> 3] & (1 << (i & 7))));
          if (r.shorts.length > 0) found.lacks.push({ lo: r.lo, hi: r.hi, mode: 6, shorts: r.shorts });
          break;
        }
        default:
          refuse('peer', `a range of mode ${r.mode} in an answer`);
      }
    }
    if (equal(covered, say.END) && ranges.length > 0) return next;
    const rest = asked.filter((a) => equal(a.hi, say.END) || compare(a.hi, covered) > 0);
    return [...next, ...rest.map((a) => this.question(mine, compare(a.lo, covered) < 0 ? covered : a.lo, a.hi))];
  }

  settle(r, own, theirs, found) {
    const have = new Set();
    for (const k of own) {
      const short = hex(shortId(this.salt, k.subarray(41)));
      have.add(short);
      if (!theirs.has(short)) found.gives.push(k);
    }
    const shorts = r.shorts.filter((s) => !have.has(hex(s)));
    if (shorts.length > 0) found.lacks.push({ lo: r.lo, hi: r.hi, mode: 6, shorts });
  }

  /** parts asks about each part of a split that is not the same here. */
  parts(mine, r) {
    const bounds = [r.lo, ...r.cuts, r.hi];
    const out = [];
    r.marks.forEach((mark, i) => {
      const own = between(mine, bounds[i], bounds[i + 1]);
      if (own.length !== partCount(r.count, r.marks.length, i) || !equal(mark, this.mark(own))) out.push(this.question(mine, bounds[i], bounds[i + 1]));
    });
    return out;
  }

  mark(keys) {
    return sent(this.salt, fingerprint(keys)).subarray(0, 6);
  }

  /** question says what is here of a range: a list of few entries, a split of many. */
  question(mine, lo, hi) {
    const own = between(mine, lo, hi);
    if (own.length <= LIST) return { lo, hi, mode: 3, shorts: own.map((k) => shortId(this.salt, k.subarray(41))) };
    const ends = Array.from({ length: PARTS + 1 }, (_, i) => Math.floor((own.length * i) / PARTS));
    return { lo, hi, mode: 2, count: own.length, cuts: ends.slice(1, -1).map((n) => own[n]), marks: ends.slice(1).map((n, i) => this.mark(own.slice(ends[i], n))) };
  }

  /** pull asks for what is lacking until it is there, and verifies all of it. */
  async pull(phase, lacks) {
    const wanted = new Set(lacks.flatMap((r) => r.shorts.map(hex)));
    const frames = [];
    for (let left = lacks, round = 0; left.length > 0; round++) {
      need(round < ROUNDS, 'peer', 'what it gives does not come to an end');
      let names = 0;
      const now = left.filter((r, i) => (names += r.shorts.length) <= NAMES || i === 0);
      const r = await this.work({ 12: phase, 15: say.ranges(now) });
      if (r.batch) frames.push(...readBatch(r.batch));
      left = r.next ? [...after(now, r.next), ...left.slice(now.length)] : left.slice(now.length);
    }
    const ids = this.holds.take(frames);
    for (const id of ids) need(wanted.delete(hex(shortId(this.salt, id))), 'peer', `it gave ${hex(id)}, which was not asked for`);
    need(wanted.size === 0, 'peer', `${wanted.size} frames that it named did not come`);
    this.out.received += ids.length;
  }

  /** push gives frames in the order of their entry keys and counts their outcomes. */
  async push(phase, gives) {
    const frames = gives.sort(compare).map((k) => this.holds.frameOf(k));
    const keys = [...gives];
    while (frames.length > 0) {
      const b = say.batch(frames);
      const r = await this.work({ 12: phase, 14: b.bytes });
      need(r.outcomes?.length === b.count, 'peer', `${r.outcomes?.length ?? 0} outcomes for ${b.count} frames`);
      const given = keys.splice(0, b.count);
      given.forEach((k, i) => (this.out.outcomes[idOf(k)] = r.outcomes[i]));
      this.out.refusals.push(...r.refusals.map((v) => refusalOf(v, given)));
      this.out.sent += b.count;
    }
  }

  /** receipts exchanges receipts until both hold the same, and asks what the station holds at the end. */
  async receipts() {
    const { holds } = this;
    for (let round = 0, give = []; round < 8; round++) {
      const held = holds.receipts();
      const r = await this.work({ 16: concat(...held.map((b) => receiptName(this.salt, b))), 17: true, 18: give.length > 0 ? give : undefined, 20: true });
      this.out.receipts_sent += give.length;
      const came = holds.takeReceipts(r.news);
      this.out.receipts_received += came;
      const now = holds.receipts();
      give = now.filter((b) => has(r.lacks, receiptName(this.salt, b)));
      if (came > 0 || give.length > 0) continue;
      const marks = concat(sent(this.salt, holds.print(LOGS)), sent(this.salt, holds.print(DATA)), receiptsMark(this.salt, now));
      this.out.in_step = this.out.refusals.length === 0 && r.marks !== undefined && equal(r.marks, marks);
      return;
    }
  }
}

/** after are the ranges of wants from a key on. */
const after = (list, key) => list.filter((r) => equal(r.hi, say.END) || compare(r.hi, key) > 0).map((r) => ({ ...r, lo: compare(r.lo, key) < 0 ? key : r.lo }));

function has(names, name) {
  for (let i = 0; i < names.length; i += 8) if (equal(names.subarray(i, i + 8), name)) return true;
  return false;
}

function refusalOf(v, given) {
  const [index, reason, sentence] = [1, 2, 3].map((n) => v.value.find(([k]) => k.value === BigInt(n))?.[1].value);
  return { id: idOf(given[Number(index ?? 0n)]), reason: Number(reason), sentence };
}
