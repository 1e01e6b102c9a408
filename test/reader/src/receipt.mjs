// Receipts: what one machine durably holds of one owner's lanes (FORMAT 11).
import { compare, H, need } from './bytes.mjs';
import { signingKey, verifyEd25519 } from './crypt.mjs';
import { Fields } from './fields.mjs';

const MAX_RECEIPT = 65_536;

export function readReceipt(bytes) {
  need(bytes.length >= 65 && bytes.length <= MAX_RECEIPT, 'malformed', `a receipt of ${bytes.length} bytes`);
  const map = bytes.subarray(0, bytes.length - 64);
  const f = Fields.of('receipt', map);
  const id = (n) => f.bytes(n, { length: 32 });
  const r = {
    bytes, tree: id(1), machine: signingKey(id(2)), unit: id(3), counter: f.uint(4, { least: 1, most: 2n ** 53n }), lanes: f.array(5).map(readLane),
    refused: f.ids(6), owner: id(7), part: readPart(f.array(8, { must: false })), for: f.bytes(9, { must: false, length: 32 }),
    erased: f.ids(10), whole: f.ids(11), lacks: f.ids(12, 256),
  };
  need(r.lanes.every((l, i) => i === 0 || compare(laneKey(r.lanes[i - 1]), laneKey(l)) < 0), 'malformed', 'lanes out of order');
  need(verifyEd25519(r.machine, H('hejie receipt v1', map), bytes.subarray(bytes.length - 64)), 'signature', 'the signature does not fit');
  return r;
}

const laneKey = (l) => Buffer.concat([Buffer.from([l.class]), l.seat, l.epoch]);

function readPart(v) {
  if (v === undefined) return undefined;
  need(v.length === 2 && v.every((n) => n.type === 'int'), 'malformed', 'a part is two numbers');
  const [i, n] = v.map((x) => x.value);
  need(i >= 1n && i <= n && n >= 2n && n <= 16n, 'malformed', `part ${i} of ${n}`);
  return [i, n];
}

function readLane(v) {
  need(v.type === 'array' && v.value.length === 4, 'malformed', 'a lane has four parts');
  const [seat, epoch, cls, list] = v.value;
  need(seat.type === 'bytes' && seat.value.length === 32 && epoch.type === 'bytes' && epoch.value.length === 8, 'malformed', 'a lane');
  need(cls.type === 'int' && cls.value >= 2n && cls.value <= 15n && list.type === 'array' && list.value.length >= 1 && list.value.length <= 64, 'malformed', 'a lane');
  const runs = list.value.map((r) => {
    need(r.type === 'array' && r.value.length === 3, 'malformed', 'a run is two numbers and an id');
    const [from, to, last] = r.value;
    need(from.type === 'int' && to.type === 'int' && last.type === 'bytes' && last.value.length === 32, 'malformed', 'a run');
    need(from.value >= 1n && from.value <= to.value && to.value <= 2n ** 53n, 'malformed', `a run from ${from.value} to ${to.value}`);
    return [from.value, to.value, last.value];
  });
  const before = (a, b) => a[0] < b[0] || (a[0] === b[0] && (a[1] < b[1] || (a[1] === b[1] && compare(a[2], b[2]) < 0)));
  need(runs.every((x, i) => i === 0 || before(runs[i - 1], x)), 'malformed', 'runs out of order');
  return { seat: seat.value, epoch: epoch.value, class: Number(cls.value), runs };
}
