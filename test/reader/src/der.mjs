// As much of DER (ITU-T X.690) as a certificate of FORMAT 6 has.

/** readDER gives the parts of a certificate that node's own reader does not show as bytes. */
export function readDER(der, fail) {
  const [signed, algorithm, signature] = children(one(der, fail).content, fail);
  const ed25519 = '06032b6570';
  if (!algorithm || Buffer.from(algorithm.content).toString('hex') !== ed25519) fail('not signed with Ed25519');
  const fields = children(signed.content, fail);
  const [version, serial, inner, , , subject] = fields;
  if (Buffer.from(version.content).toString('hex') !== '020102') fail('not version 3');
  if (Buffer.from(inner.content).toString('hex') !== ed25519) fail('not signed with Ed25519');
  const out = { signed: signed.raw, signature: signature.content.subarray(1), serial: serial.content, name: commonName(subject, fail) };
  if (out.signature.length !== 64 || signature.content[0] !== 0) fail('the signature has another length');
  const last = fields.at(-1);
  if (last.tag !== 0xa3) fail('no extensions');
  for (const e of children(children(last.content, fail)[0].content, fail)) extension(out, children(e.content, fail), fail);
  for (const name of ['uri', 'keyUsage', 'subjectKeyId']) if (out[name] === undefined) fail(`no ${name}`);
  return out;
}

/** A subject is one common name, UTF8String or PrintableString. */
function commonName(subject, fail) {
  const sets = children(subject.content, fail);
  if (sets.length !== 1) fail('a subject has one name');
  const pairs = children(sets[0].content, fail);
  const [oid, value] = children(pairs[0].content, fail);
  if (pairs.length !== 1 || Buffer.from(oid.raw).toString('hex') !== '0603550403' || ![0x0c, 0x13].includes(value.tag)) fail('a subject is a common name');
  return Buffer.from(value.content).toString('utf8');
}

function extension(out, parts, fail) {
  const oid = Buffer.from(parts[0].content).toString('hex');
  const critical = parts.length === 3;
  const content = parts.at(-1).content;
  const inner = one(content, fail);
  switch (oid) {
    case '551d11': {
      const names = children(inner.content, fail);
      if (names.length !== 1 || names[0].tag !== 0x86) fail('a certificate has one URI name');
      out.uri = Buffer.from(names[0].content).toString('latin1');
      break;
    }
    case '551d0f':
      out.keyUsage = content;
      break;
    case '551d25':
      out.extKeyUsage = content;
      break;
    case '551d0e':
      out.subjectKeyId = inner.content;
      break;
    case '551d13': // basic constraints: CA or not, never a path length
      if (children(inner.content, fail).length > 1) fail('a path length');
      break;
    default: // the authority's key identifier, or what a later program adds, if it is not critical
      if (critical) fail('an unknown critical extension');
  }
}

function one(bytes, fail) {
  const list = children(bytes, fail);
  if (list.length !== 1) fail('DER of another form');
  return list[0];
}

function children(bytes, fail) {
  const out = [];
  for (let at = 0; at < bytes.length; ) {
    const from = at;
    const tag = bytes[at++];
    let length = bytes[at++];
    if (length === undefined) fail('DER ends too early');
    if (length >= 0x80) {
      const size = length - 0x80;
      if (size < 1 || size > 2 || at + size > bytes.length) fail('a DER length');
      length = size === 1 ? bytes[at] : (bytes[at] << 8) | bytes[at + 1];
      at += size;
    }
    if (at + length > bytes.length) fail('DER ends too early');
    out.push({ tag, content: bytes.subarray(at, at + length), raw: bytes.subarray(from, at + length) });
    at += length;
  }
  return out;
}
