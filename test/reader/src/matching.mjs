// The matching key: how it reaches a unit, and the marks that are made with it (FORMAT 6).
import { createHmac } from 'node:crypto';
import { equal, H, need } from './bytes.mjs';
import { openHPKE } from './crypt.mjs';

/** openMatching opens an item 11 of a unit's log with the unit's reading key. */
export function openMatching(tree, unit, item, key) {
  need(equal(key.name, item.for), 'key', 'another public key is named');
  const inside = openHPKE(key, 'hejie wrap v1', H('hejie matching key v1', tree.root, unit, item.key, item.for), item.sealed);
  need(inside.length === 32 && equal(H('hejie key v1', inside), item.key), 'key', 'the key inside is not the one that is named');
  return inside;
}

/** matchingMark is the mark of a person's number and a cause. */
export function matchingMark(key, number, category) {
  return createHmac('sha256', key).update(`hejie matching mark v1\0${number}\0${category}`, 'utf8').digest().subarray(0, 8);
}

/** marksOf are the marks that the changes of a digest add: of which party, and the mark. */
export function marksOf(changes) {
  return changes
    .filter((c) => c.kind === 'add' && c.path.length === 1 && c.path[0] === 'marks')
    .map(({ value }) => {
      const party = Buffer.from(value?.party?.bytes ?? '', 'hex');
      need(party.length === 36 && value.mark?.bytes?.length === 16 && Object.keys(value).length === 2, 'malformed', 'a mark is of a party and has 8 bytes');
      return { operation: party.toString('hex', 0, 32), index: party.readUInt32BE(32), mark: value.mark.bytes };
    });
}
