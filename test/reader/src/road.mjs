// The HTTPS road to a served station (docs/format-exchange.md 6): TLS 1.3, bare key certificates, one POST a message.
import { X509Certificate } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:tls';
import { concat, equal, hex, need, refuse } from './bytes.mjs';
import { ed25519Private, ed25519Public, rawPublic, signEd25519, signingKey } from './crypt.mjs';

const PATH = '/hejie/exchange/2';
const PATIENCE = 30_000; // milliseconds that a station may take to say anything
const MAX_ANSWER = 4 << 20;

/** Road carries messages to one address. Each connection is used only if the key that answers is one that `check` takes. */
export class Road extends Agent {
  constructor(url, machineSeed, check) {
    super({ keepAlive: true, maxSockets: 1 });
    const at = new URL(url);
    need(at.protocol === 'https:', 'address', `${url} is no https:// address`);
    Object.assign(this, { at, check, seed: machineSeed, sent: 0, received: 0, trips: 0 });
  }

  /** createConnection is called by Node for each connection: nothing is written before the key was looked at. */
  createConnection(_, done) {
    const key = ed25519Private(this.seed).export({ format: 'pem', type: 'pkcs8' });
    const options = {
      host: this.at.hostname.replace(/^\[|\]$/g, ''), port: Number(this.at.port || 443), key, cert: pem(bareCertificate(this.seed)),
      minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: false, // nothing is looked at but the key, just below
    };
    const socket = connect(options, () => {
      try {
        this.peer = this.check(keyOf(socket));
        done(null, socket);
      } catch (e) {
        socket.destroy();
        done(e);
      }
    });
    socket.once('error', done);
  }

  /** greet asks nothing: the handshake tells which key answers. */
  async greet() {
    const { status } = await this.send('HEAD');
    need(status === 204, 'peer', `${this.at.host} answered with status ${status}: it speaks another version of the exchange; update the older of the two programs`);
    return this.peer;
  }

  /** post sends one message and gives the answer's bytes. */
  async post(message) {
    this.sent += message.length;
    this.trips++;
    const { status, body } = await this.send('POST', message);
    need(status === 200 || status === 429, 'peer', `${this.at.host} answered with status ${status}: ${body.toString('utf8', 0, 200)}`);
    this.received += body.length;
    return body;
  }

  send(method, message = Buffer.alloc(0)) {
    const headers = method === 'POST' ? { 'Content-Type': 'application/vnd.hejie.exchange', 'Content-Length': message.length } : {};
    return new Promise((resolve, reject) => {
      const r = request({ agent: this, host: this.at.hostname, port: this.at.port || 443, method, path: PATH, timeout: PATIENCE, headers }, (answer) => {
        const parts = [];
        let size = 0;
        answer.on('data', (b) => {
          parts.push(b);
          size += b.length;
          if (size > MAX_ANSWER) r.destroy(new Error('the answer is over its limit'));
        });
        answer.on('error', reject);
        answer.on('end', () => resolve({ status: answer.statusCode, body: concat(...parts) }));
      });
      r.on('timeout', () => r.destroy(new Error(`${this.at.host} has said nothing for ${PATIENCE / 1000} seconds`)));
      r.on('error', reject);
      r.end(message);
    });
  }
}

/** keyOf is the key that the handshake proved. */
function keyOf(socket) {
  const cert = socket.getPeerX509Certificate();
  need(cert, 'peer', 'it shows no key');
  return signingKey(rawPublic(cert.publicKey));
}

/** machineIn gives the machine seat that a key is, and its unit; `expected` is the one that must answer. */
export function machineIn(tree, key, expected) {
  need(!expected || equal(key, expected), 'peer', `another machine answers: its key is ${hex(key)}, and ${hex(expected ?? [])} was to be met. Nothing was said to it; ask by telephone which is right`);
  for (const u of tree.units.values()) if (u.seats.some((s) => s.kind === 'machine' && equal(s.key, key))) return { key, unit: u.id };
  return refuse('peer', `no log that is held here knows the machine whose key is ${hex(key)}. Nothing was said to it; let the program meet it first, which can introduce itself`);
}

// --- the certificate, in DER ------------------------------------------------------

const der = (tag, ...parts) => {
  const body = concat(...parts);
  const n = body.length;
  return concat(Buffer.from(n < 128 ? [tag, n] : n < 256 ? [tag, 0x81, n] : [tag, 0x82, n >> 8, n & 255]), body);
};
const sequence = (...parts) => der(0x30, ...parts);
const ALGORITHM = sequence(der(0x06, Buffer.from([0x2b, 0x65, 0x70])));

/** bareCertificate shows a key and nothing else: serial 1, no names, no extensions. */
export function bareCertificate(seed) {
  const one = der(0x02, Buffer.from([1]));
  const dates = sequence(der(0x17, Buffer.from('000101000000Z')), der(0x18, Buffer.from('99991231235959Z')));
  const key = sequence(ALGORITHM, der(0x03, Buffer.from([0]), ed25519Public(seed)));
  const body = sequence(der(0xa0, der(0x02, Buffer.from([2]))), one, ALGORITHM, sequence(), dates, sequence(), key);
  return sequence(body, ALGORITHM, der(0x03, Buffer.from([0]), signEd25519(seed, body)));
}

const pem = (bytes) => new X509Certificate(bytes).toString();
