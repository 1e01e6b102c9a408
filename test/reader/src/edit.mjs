// One own edit of a case: its changes, body, header and signature (FORMAT 2, 3, 5; docs/format-changes.md).
import { randomBytes, randomInt } from 'node:crypto';
import { concat, equal, H, hex, need, u32, unhex, uvarint } from './bytes.mjs';
import { ordinary, recordsBy } from './cases.mjs';
import { encode, encodeMap } from './cbor.mjs';
import { ed25519Public, hkdf, sealGCM, signEd25519 } from './crypt.mjs';
import { CASE, kinds } from './frame.mjs';
import { project } from './project.mjs';
import { grease } from './say.mjs';
import { stopsIn } from './stops.mjs';
import { isPersonOf, logHeads } from './tree.mjs';
import { fits, format } from './types.mjs';

const SUITE = Buffer.from([1]);
const SCHEMA = 1; // that of docs/format-case.json

/** editOf makes the frame of an operation by which a seat of the folder's unit sets fields of a case to texts. */
export function editOf(folder, seat, caseId, fields) {
  const { own, tree } = folder;
  need(equal(ed25519Public(seat.signing), seat.seat) && isPersonOf(tree, own.unit, seat.seat), 'edit', 'the seat that was opened is no person of this unit');
  need(stopsIn(tree, [...tree.entries.values()]).stopped.length === 0, 'edit', 'a log holds what this reader does not know: nothing is saved on it');
  const record = recordsBy(folder).get(caseId);
  need(record?.first?.fields.kind === kinds.case, 'edit', `no case ${caseId} is here`);
  const { key, latest } = keyOf(folder, record);
  const { changes, heads } = changesOf(record, fields);
  const owner = record.first.fields.owner;
  const header = [
    [1, own.tree], [2, seat.seat], [3, randomBytes(8)], [4, owner], [5, CASE], [6, 1], // a lane of its own: this reader keeps nothing from which it could go on
    [8, record.first.id], [9, kinds.case], [11, heads], [12, logHeads(tree, owner)], ...(equal(owner, own.unit) ? [] : [[13, logHeads(tree, own.unit)]]),
    [14, stampAfter(folder)], [15, SCHEMA], [19, latest], [20, randomBytes(16)], ...some(),
  ].map(([k, v]) => [k, encode(v)]);
  const salt = header.find(([k]) => k === 20)[1].subarray(1);
  const okm = hkdf(key, salt, 'hejie body v1', 44);
  const body = sealGCM(okm.subarray(0, 32), okm.subarray(32), concat(SUITE, encodeMap(header)), padded(encode(changes)));
  const map = encodeMap([...header, [21, encode(body.length)], [22, encode(H('hejie body v1', body))]].sort(([a], [b]) => a - b));
  const signature = signEd25519(seat.signing, H('hejie signature v1', H('hejie operation v1', SUITE, map)));
  return concat(SUITE, u32(map.length), Buffer.from([0, signature.length]), u32(body.length), map, signature, body);
}

/** some is a key that means nothing, in about one map in sixteen. */
const some = () => (randomInt(16) === 0 ? [grease()] : []);

/** keyOf is the record key under which the case is sealed now: that of its latest operation. */
function keyOf(folder, record) {
  const last = record.state.ops.findLast((op) => op.depth === record.state.ops.at(-1).depth);
  const { key: latest } = record.operations.find((op) => hex(op.id) === last.id).fields;
  const key = folder.ring.get(hex(latest));
  need(key, 'edit', 'the key of the case is not here');
  return { key, latest };
}

/** changesOf assigns texts to registers, each replacing what is live there. Heads are all that nobody builds on. */
function changesOf({ state }, fields) {
  const page = format();
  const changes = Object.entries(fields).map(([name, value]) => {
    const decl = page.records.case[name];
    need(decl?.kind === 'register', 'edit', `${name} is no field that this reader sets`);
    need(fits(decl.type, value), 'edit', `${JSON.stringify(value)} does not fit the field ${name}`);
    need(ordinary(state, name), 'edit', `${name} is contested, or a newer program wrote there`);
    need(project([{ kind: 'assign', path: [name], value }], page).every((c) => c.kind === 'void'), 'edit', `${name} is told in the digest, which this reader does not write`);
    return new Map([[1, 1], [2, [name]], [3, value], ...replaced(state, name)]);
  });
  need(changes.length > 0, 'edit', 'nothing is to be set');
  return { changes: new Map([[1, changes], ...some()]), heads: state.heads.map(unhex) };
}

function replaced(state, name) {
  const live = [...new Set(state.live([name]).map((w) => w.key))].sort();
  return live.length > 0 ? [[4, live.map((key) => [unhex(key.slice(0, 64)), Number(key.slice(65))])]] : [];
}

/** stampAfter is now, and later than all that is held. */
function stampAfter(folder) {
  const last = folder.operations.reduce((most, op) => (op.fields.stamp > most ? op.fields.stamp : most), 0n);
  const now = BigInt(Date.now()) << 16n;
  return now > last ? now : last + 1n;
}

/** padded is the plaintext P of content that is not compressed. */
function padded(content) {
  const p = concat(Buffer.from([0]), uvarint(content.length), content);
  const step = p.length <= 1024 ? 32 : p.length <= 8192 ? 128 : 1024;
  return concat(p, Buffer.alloc((step - (p.length % step)) % step));
}
