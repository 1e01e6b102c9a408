// Receipts: what one machine durably holds of one owner's lanes (FORMAT 11).
import { compare, H, need } from './bytes.mjs';
import { verifyEd25519 } from './crypt.mjs';
import { Fields } from './fields.mjs';

const MAX_RECEIPT = 65_536;

export function readReceipt(bytes) {
  need(bytes.length >= 65 && bytes.length <= MAX_RECEIPT, 'malformed', `a receipt of ${bytes.length} bytes`);
  const map = bytes.subarray(0, bytes.length - 64);
  const f = Fields.of('receipt', map);
  const id = (n) => f.bytes(n, { length: 32 });
  const r = {
    tree: id(1), machine: id(2), unit: id(3), counter: f.uint(4), lanes: f.array(5).map(readLane),
    refused: (f.array(6, { must: false, least: 1 }) ?? []).map((v) => (need(v.type === 'bytes' && v.value.length === 32, 'malformed', 'a refused id'), v.value)),
    owner: id(7), for: f.bytes(9, { must: false, length: 32 }),
  };
  need(verifyEd25519(r.machine, H('hejie receipt v1', map), bytes.subarray(bytes.length - 64)), 'signature', 'the signature does not fit');
  return r;
}

function readLane(v) {
  need(v.type === 'array' && v.value.length === 4, 'malformed', 'a lane has four parts');
  const [seat, epoch, cls, runs] = v.value;
  need(seat.type === 'bytes' && seat.value.length === 32 && epoch.type === 'bytes' && epoch.value.length === 8, 'malformed', 'a lane');
  need(cls.type === 'int' && cls.value >= 0n && cls.value <= 255n && runs.type === 'array', 'malformed', 'a lane');
  return {
    seat: seat.value, epoch: epoch.value, class: Number(cls.value),
    runs: runs.value.map((r) => {
      need(r.type === 'array' && r.value.length === 2 && r.value.every((n) => n.type === 'int' && n.value >= 0n), 'malformed', 'a run is two numbers');
      return r.value.map((n) => n.value);
    }),
  };
}

/** inOrder tells whether a receipt says what a program of this version would write: lanes and runs sorted. */
export function inOrder(r) {
  const key = (l) => Buffer.concat([Buffer.from([l.class]), l.seat, l.epoch]);
  const lanes = r.lanes.every((l, i) => i === 0 || compare(key(r.lanes[i - 1]), key(l)) < 0);
  return lanes && r.lanes.every((l) => l.runs.every(([from, to], i) => from >= 1n && from <= to && (i === 0 || l.runs[i - 1][1] + 1n < from)));
}
