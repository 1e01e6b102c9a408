// The algorithms of suite 1 (FORMAT 1, 7): HKDF, AES-256-GCM, AES-KW, Ed25519, HPKE with X-Wing.
import { createCipheriv, createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, diffieHellman, hkdfSync, sign, verify } from 'node:crypto';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { concat, H, need, refuse } from './bytes.mjs';

const TAG = 16;

export const hkdf = (key, salt, info, length) => Buffer.from(hkdfSync('sha256', key, salt, info, length));

/** openGCM opens ciphertext ‖ tag, or refuses with `why`. */
export function openGCM(key, nonce, associated, sealed, why = 'key') {
  need(sealed.length >= TAG, why, 'sealed bytes are shorter than a tag');
  const d = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  d.setAAD(associated);
  d.setAuthTag(sealed.subarray(sealed.length - TAG));
  try {
    return concat(d.update(sealed.subarray(0, sealed.length - TAG)), d.final());
  } catch {
    return refuse(why, 'the key does not open this');
  }
}

/** sealGCM gives ciphertext ‖ tag. */
export function sealGCM(key, nonce, associated, plain) {
  const c = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  c.setAAD(associated);
  return concat(c.update(plain), c.final(), c.getAuthTag());
}

/** openBox opens nonce (12) ‖ ciphertext ‖ tag. */
export function openBox(key, associated, box, why = 'key') {
  need(box.length >= 12 + TAG, why, 'a box is too short');
  return openGCM(key, box.subarray(0, 12), associated, box.subarray(12), why);
}

/** unwrapKey is AES-KW (RFC 3394) with a 256-bit key. */
export function unwrapKey(key, sealed) {
  need(sealed.length === 40, 'key', 'a wrapped key has 40 bytes');
  const d = createDecipheriv('id-aes256-wrap', key, Buffer.alloc(8, 0xa6));
  try {
    return concat(d.update(sealed), d.final());
  } catch {
    return refuse('key', 'the key does not open this wrap');
  }
}

const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex');

const ORDER = 2n ** 255n - 19n;
const SMALL = [
  0n, 1n, ORDER - 1n,
  BigInt('0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826'),
  BigInt('0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7'),
];

/** signingKey refuses a key that is not in its one encoding or is of small order (FORMAT 1). */
export function signingKey(key) {
  need(key.length === 32, 'malformed', 'a signing key has 32 bytes');
  const y = BigInt(`0x${Buffer.from(key).reverse().toString('hex')}`) & (2n ** 255n - 1n);
  need(y < ORDER && !SMALL.includes(y), 'malformed', 'no signing key of suite 1');
  return key;
}

export function verifyEd25519(publicKey, message, signature) {
  try {
    const key = createPublicKey({ key: concat(ed25519Prefix, publicKey), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}

export const ed25519Private = (seed) => createPrivateKey({ key: concat(Buffer.from('302e020100300506032b657004220420', 'hex'), seed), format: 'der', type: 'pkcs8' });
export const ed25519Public = (seed) => rawPublic(createPublicKey(ed25519Private(seed)));
export const signEd25519 = (seed, message) => sign(null, message, ed25519Private(seed));

/** rawPublic gives the 32 bytes of an Ed25519 key. */
export function rawPublic(key) {
  need(key.asymmetricKeyType === 'ed25519', 'malformed', `a key of another algorithm: ${key.asymmetricKeyType}`);
  return key.export({ format: 'der', type: 'spki' }).subarray(12);
}

const x25519Private = (seed) => createPrivateKey({ key: concat(Buffer.from('302e020100300506032b656e04220420', 'hex'), seed), format: 'der', type: 'pkcs8' });
const x25519Public = (raw) => createPublicKey({ key: concat(Buffer.from('302a300506032b656e032100', 'hex'), raw), format: 'der', type: 'spki' });

/** XWing is a key pair of KEM 0x647a, from its 32-byte seed (FORMAT 7). */
export class XWing {
  constructor(seed) {
    const expanded = createHash('shake256', { outputLength: 96 }).update(seed).digest();
    this.pq = ml_kem768.keygen(expanded.subarray(0, 64));
    this.t = x25519Private(expanded.subarray(64));
    this.tPublic = createPublicKey(this.t).export({ format: 'der', type: 'spki' }).subarray(12);
    this.public = concat(this.pq.publicKey, this.tPublic);
    this.name = H('hejie public key v1', this.public);
  }

  decapsulate(enc) {
    need(enc.length === 1120, 'key', 'an encapsulated key has 1,120 bytes');
    const ctT = enc.subarray(1088);
    const ssPQ = ml_kem768.decapsulate(enc.subarray(0, 1088), this.pq.secretKey);
    let ssT;
    try {
      ssT = diffieHellman({ privateKey: this.t, publicKey: x25519Public(ctT) });
    } catch {
      refuse('key', 'an X25519 point of low order');
    }
    return createHash('sha3-256').update(ssPQ).update(ssT).update(ctT).update(this.tPublic).update('\\.//^\\', 'ascii').digest();
  }
}

const SUITE_ID = concat(Buffer.from('HPKE', 'ascii'), Buffer.from([0x64, 0x7a, 0, 1, 0, 2]));
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();

function labeledExtract(salt, label, ikm) {
  return hmac(salt.length ? salt : Buffer.alloc(32), concat(Buffer.from('HPKE-v1'), SUITE_ID, Buffer.from(label), ikm));
}

function labeledExpand(prk, label, info, length) {
  const size = Buffer.from([length >> 8, length & 255]);
  const full = concat(size, Buffer.from('HPKE-v1'), SUITE_ID, Buffer.from(label), info);
  return hmac(prk, concat(full, Buffer.from([1]))).subarray(0, length); // 32 bytes at most are asked for
}

/** openHPKE is RFC 9180 base mode, one message: `sealed` is the encapsulated key ‖ ciphertext ‖ tag. */
export function openHPKE(key, info, associated, sealed) {
  need(sealed.length >= 1120 + TAG, 'key', 'sealed bytes are too short');
  const shared = key.decapsulate(sealed.subarray(0, 1120));
  const none = Buffer.alloc(0);
  const context = concat(Buffer.from([0]), labeledExtract(none, 'psk_id_hash', none), labeledExtract(none, 'info_hash', Buffer.from(info)));
  const secret = labeledExtract(shared, 'secret', none);
  const aead = labeledExpand(secret, 'key', context, 32);
  const nonce = labeledExpand(secret, 'base_nonce', context, 12);
  return openGCM(aead, nonce, associated, sealed.subarray(1120));
}

export const argon2 = (secret, salt, { time, memory, lanes }) => Buffer.from(argon2id(secret, salt, { t: time, m: memory, p: lanes, dkLen: 32, version: 0x13 }));

// CRC-32C (Castagnoli), reflected, polynomial 0x82F63B78.
const table = new Uint32Array(256).map((_, n) => {
  let c = n;
  for (let i = 0; i < 8; i++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  return c;
});

export function crc32c(...parts) {
  let c = 0xffffffff;
  for (const p of parts) for (const b of p) c = table[(c ^ b) & 255] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}
