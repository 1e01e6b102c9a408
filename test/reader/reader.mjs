#!/usr/bin/env node
// An independent reader of Hejie's data, written from FORMAT.md.
//
//   node reader.mjs vectors DIR              verify every vector; exit 1 if one does not hold
//   node reader.mjs pack DIR --key HEX       read a data folder under its store key; exit 1 at any damage
//   node reader.mjs pack DIR --sheet TEXT    the same, opened by the recovery sheet
//   node reader.mjs pack DIR                 the same, opened by a seat's secret in HEJIE_PIN
//   node reader.mjs cases DIR …              what its cases are: fields, events in order, contradictions, digests
import { parseArgs } from 'node:util';

const USAGE = 'usage: reader.mjs vectors DIR | reader.mjs pack|cases DIR [--key HEX | --sheet TEXT] [--ids]';

async function main() {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { key: { type: 'string' }, sheet: { type: 'string' }, ids: { type: 'boolean' } } });
  const [command, dir] = positionals;
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

try {
  process.exitCode = await main();
} catch (e) {
  if (e.code === 'ERR_MODULE_NOT_FOUND') console.error(`the reader's modules are missing: run "npm ci" in test/reader (${e.message})`);
  else console.error(e.why || e.code ? e.message : e);
  process.exitCode = process.exitCode || 1;
}
