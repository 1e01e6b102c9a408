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
