// Certificates (FORMAT 6): X.509 v3 that say exactly what their subject calls for.
import { X509Certificate } from 'node:crypto';
import { equal, H, hex, need, refuse, sha256 } from './bytes.mjs';
import { readDER } from './der.mjs';
import { signingKey, verifyEd25519 } from './crypt.mjs';
import { checkName, checkRoles } from './request.mjs';

const MAX_CERT = 4096;
const fail = (text) => refuse('certificate', text);
const ok = (holds, text) => need(holds, 'certificate', text);

/** readCert reads a certificate and checks everything in it but who signed it. */
export function readCert(der) {
  ok(der.length <= MAX_CERT, `${der.length} bytes`);
  let x;
  try {
    x = new X509Certificate(der);
  } catch (e) {
    fail(e.message);
  }
  ok(equal(x.raw, der), 'something follows the certificate');
  ok(x.publicKey.asymmetricKeyType === 'ed25519', 'not an Ed25519 key');
  const key = x.publicKey.export({ format: 'der', type: 'spki' }).subarray(12);
  try {
    signingKey(key);
  } catch (e) {
    fail(e.message);
  }
  const parts = readDER(der, fail);
  const uri = /^hejie:([0-9a-f]{64})\/(admin|seat|machine)(?:\?roles=([a-z_,]+))?$/.exec(parts.uri) ?? fail(`the name ${parts.uri}`);
  const c = { der, key, unit: Buffer.from(uri[1], 'hex'), kind: uri[2], roles: uri[3] ? uri[3].split(',') : [], name: parts.name, parts };
  try {
    checkName(c.name);
  } catch (e) {
    fail(e.message);
  }
  if (c.kind === 'seat') checkRoles(c.roles, 'certificate');
  else ok(uri[3] === undefined, 'only seats have roles');
  ok(equal(parts.serial, minimal(H('hejie serial v1', key).subarray(0, 16))), 'the serial number');
  ok(new Date(x.validFrom).getTime() === Date.UTC(2000, 0, 1) && new Date(x.validTo).getTime() === Date.UTC(9999, 11, 31, 23, 59, 59), 'the dates');
  ok(x.ca === (c.kind === 'admin'), 'basic constraints');
  ok(equal(parts.keyUsage, Buffer.from(c.kind === 'admin' ? '03020106' : '03020780', 'hex')), 'key usage');
  ok(hex(parts.extKeyUsage ?? []) === (c.kind === 'machine' ? '301406082b0601050507030106082b06010505070302' : ''), 'extended key usage');
  ok(equal(parts.subjectKeyId, sha256(key).subarray(0, 20)), 'the subject key identifier');
  return c;
}

/** minimal is a DER integer of unsigned bytes. */
function minimal(bytes) {
  let b = bytes;
  while (b.length > 1 && b[0] === 0) b = b.subarray(1);
  return b[0] & 0x80 ? Buffer.concat([Buffer.from([0]), b]) : b;
}

/** signedBy checks a certificate's signature under an issuing key. */
export function signedBy(c, issuer) {
  ok(verifyEd25519(issuer, c.parts.signed, c.parts.signature), `${c.kind} ${c.name} is not signed by that key`);
}

/** matches tells whether a certificate says what its request asked for. */
export function matches(c, { kind, unit, name, key, roles = [] }) {
  ok(c.kind === kind && equal(c.unit, unit) && c.name === name && equal(c.key, key) && c.roles.join() === roles.join(), `the ${kind} certificate does not say what the request asked for`);
}
