#!/usr/bin/env node
// An independent reader of Hejie's data, written from FORMAT.md.
//
//   node reader.mjs vectors DIR              verify every vector; exit 1 if one does not hold
//   node reader.mjs pack DIR --key HEX       read a data folder under its store key; exit 1 at any damage
//   node reader.mjs pack DIR --sheet TEXT    the same, opened by the recovery sheet
//   node reader.mjs pack DIR                 the same, opened by a seat's secret in HEJIE_PIN
//   node reader.mjs cases DIR …              what its cases are: fields, events in order, contradictions, digests
//   node reader.mjs meet URL --folder DIR …  meet a served station as the folder's machine; --set CASE FIELD=TEXT … pushes one own edit
import { parseArgs } from 'node:util';

const USAGE = 'usage: reader.mjs vectors DIR | pack|cases DIR [--key HEX | --sheet TEXT] [--ids] | meet URL --folder DIR [--key HEX] [--peer KEY] [--verbose] [--set CASE FIELD=TEXT …]';

const OPTIONS = { key: { type: 'string' }, sheet: { type: 'string' }, ids: { type: 'boolean' }, folder: { type: 'string' }, peer: { type: 'string' }, set: { type: 'string' }, verbose: { type: 'boolean' } };

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const [command, dir, ...more] = positionals;
  if (command === 'meet' && dir && values.folder) return meet(dir, values, more);
  if (positionals.length !== 2 || !['vectors', 'pack', 'cases'].includes(command)) {
    console.error(USAGE);
    return 2;
  }
  return command === 'vectors' ? vectors(dir) : pack(dir, values, command);
}

async function vectors(dir) {
  const { runVectors } = await import('./src/vectors.mjs');
  const { passed, failed } = runVectors(dir);
  for (const f of failed) console.error(`${f.where}: ${f.text}`);
  console.log(`${passed} vectors hold, ${failed.length} do not`);
  return failed.length === 0 && passed > 0 ? 0 : 1;
}

async function pack(dir, { key, sheet, ids }, command) {
  const { counts, readFolder, unlock } = await import('./src/folder.mjs');
  const { hex, unhex } = await import('./src/bytes.mjs');
  const secret = process.env.HEJIE_PIN;
  if (!key && !sheet && !secret) {
    console.error(`${USAGE}\nnothing opens the folder: give --key, --sheet or HEJIE_PIN`);
    return 2;
  }
  const folder = readFolder(dir, key ? unhex(key) : unlock(dir, { secret, sheet }));
  if (command === 'cases') {
    const { casesOf } = await import('./src/cases.mjs');
    console.log(JSON.stringify(casesOf(folder), null, 1));
    return folder.damage.length === 0 ? 0 : 1;
  }
  const out = counts(folder);
  if (ids) out.ids = [...folder.operations, ...folder.wraps].map((f) => hex(f.id)).sort();
  console.log(JSON.stringify(out, null, 2));
  return folder.damage.length === 0 ? 0 : 1;
}

/** meet: the folder is only read; what comes is held in memory. */
async function meet(url, { folder: dir, key, peer, set, verbose }, assignments) {
  const { readFolder, unlockSeat } = await import('./src/folder.mjs');
  const { meetStation } = await import('./src/meet.mjs');
  const { unhex } = await import('./src/bytes.mjs');
  const secret = process.env.HEJIE_PIN;
  const pairs = assignments.map((a) => /^([a-z_]+)=(.*)$/s.exec(a));
  if ((set === undefined) !== (pairs.length === 0) || pairs.includes(null) || (set ? !secret : !key && !secret)) {
    console.error(`${USAGE}\nthe folder is opened by --key or a seat's secret in HEJIE_PIN; an edit needs the secret, a case and FIELD=TEXT`);
    return 2;
  }
  const seat = secret && unlockSeat(dir, secret);
  const edit = set && { seat, case: set, fields: Object.fromEntries(pairs.map(([, name, text]) => [name, text])) };
  const log = verbose ? (what, about) => console.error(what, JSON.stringify(about)) : undefined;
  const out = await meetStation(url, readFolder(dir, seat ? seat.storeKey : unhex(key)), { peer: peer && unhex(peer), edit, log });
  console.log(JSON.stringify(out, null, 1));
  return out.in_step && (!edit || [1, 2].includes(out.edit.outcome)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (e) {
  if (e.code === 'ERR_MODULE_NOT_FOUND') console.error(`the reader's modules are missing: run "npm ci" in test/reader (${e.message})`);
  else console.error(e.why || e.code ? e.message : e);
  process.exitCode = process.exitCode || 1;
}
