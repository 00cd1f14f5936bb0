import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer, request as askTls, type RequestOptions as HttpsOptions, type Server } from 'node:https';
import { request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { X509CertificateGenerator } from '@peculiar/x509';
import { ProblemError } from '@facet/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt } from '../src/authentication-step.js';
import { admit } from '../src/access-token-steps.js';
import { ClientCertificates, thumbprintOf } from '../src/client-certificates.js';
import { newCaller } from '../src/new-caller.js';
import { proveCertificate } from '../src/prove-certificate.js';

interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly certificate: X509Certificate;
}

async function selfSigned(name: string): Promise<Pair> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await X509CertificateGenerator.createSelfSigned({ name: `CN=${name}`, keys, signingAlgorithm: algorithm });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const certificate = new X509Certificate(made.toString('pem'));
  return { cert: made.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`, certificate };
}

const caller = newCaller({ subject: 'bot', kind: 'bot', client: 'acme', scopes: [], roles: ['user'] });
const headerOf = ({ certificate }: Pair) => `:${certificate.raw.toString('base64')}:`;

let server: Pair;
let partner: Pair;
let thief: Pair;
let proxy: Pair;
let certificates: ClientCertificates;
/** What the token of the next request is bound to. */
let bound: Record<string, string> | undefined;
let tls: Server;
const plain = createHttpServer((...exchange) => handle(...exchange));

const handle: RequestListener = (raw, response) => {
  const attempt: Attempt = {
    request: raw as IncomingMessage & { method: string; url: string },
    reply: { header: () => undefined },
    credential: { scheme: 'bearer', text: 't' },
    verified: { caller, kid: 'k', expiresAt: Infinity, ...(bound && { confirmation: bound }) },
  };
  try {
    void proveCertificate(certificates).run(attempt);
    void admit.run(attempt);
    response.writeHead(attempt.caller === caller ? 200 : 500);
  } catch (error) {
    const { status, headers } = error as ProblemError;
    response.writeHead(error instanceof ProblemError ? status : 500, headers);
  }
  response.end((raw.socket as Partial<TLSSocket>).isSessionReused?.() ? 'resumed' : 'new');
};

beforeAll(async () => {
  server = await selfSigned('localhost');
  partner = await selfSigned('acme');
  thief = await selfSigned('thief');
  proxy = await selfSigned('proxy');
  tls = createServer({ ...server, requestCert: true, rejectUnauthorized: false }, (...exchange) => handle(...exchange));
  for (const each of [tls, plain]) await new Promise<void>((listening) => each.listen(0, '127.0.0.1', listening));
});
afterAll(() => {
  for (const each of [tls, plain]) {
    each.close();
    each.closeAllConnections();
  }
});

type RequestOptions = HttpsOptions & { readonly session?: Buffer | undefined };

interface Answer {
  readonly status: number;
  readonly challenge: string | undefined;
  readonly body: string;
  readonly session: Buffer | undefined;
}

function get(over: 'tls' | 'plain', options: RequestOptions = {}): Promise<Answer> {
  const { port } = (over === 'tls' ? tls : plain).address() as AddressInfo;
  return new Promise((resolve, reject) => {
    let session: Buffer | undefined;
    const asked = (over === 'tls' ? askTls : ask)(
      { host: '127.0.0.1', port, rejectUnauthorized: false, agent: false, ...options },
      (answer) => {
        let body = '';
        answer.on('data', (piece) => (body += String(piece)));
        answer.on('end', () => resolve({ status: answer.statusCode!, challenge: answer.headers['www-authenticate'], body, session }));
      },
    );
    asked.on('socket', (socket) => socket.on('session', (given: Buffer) => (session = given)));
    asked.on('error', reject).end();
  });
}

describe('a token that is bound to a certificate', () => {
  beforeAll(() => {
    certificates = new ClientCertificates();
    bound = { 'x5t#S256': thumbprintOf(partner.certificate) };
  });

  it('has the thumbprint of RFC 8705: the SHA-256 of the DER in base64url', () => {
    expect(thumbprintOf(partner.certificate)).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(thumbprintOf(partner.certificate), 'base64url').toString('hex')).toBe(
      partner.certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    );
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is accepted with its certificate over %s', async (version) => {
    expect(await get('tls', { ...partner, minVersion: version, maxVersion: version })).toMatchObject({ status: 200 });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('is accepted over a connection of %s that resumes one', async (version) => {
    const one = { ...partner, minVersion: version, maxVersion: version } as const;
    const { session } = await get('tls', one);
    expect(await get('tls', { ...one, session })).toMatchObject({ status: 200, body: 'resumed' });
  });

  it.each([
    ['with another certificate', 'tls', () => thief],
    ['with none', 'tls', () => ({})],
    ['over a connection without TLS', 'plain', () => ({})],
    ['with its certificate in a header, which anybody can send', 'plain', () => ({ headers: { 'client-cert': headerOf(partner) } })],
    ['with its certificate in a header over TLS', 'tls', () => ({ ...thief, headers: { 'client-cert': headerOf(partner) } })],
  ] as const)('is refused %s', async (_, over, options) => {
    expect(await get(over, options())).toMatchObject({ status: 401, challenge: expect.stringContaining('error="invalid_token"') });
  });

  it('needs the certificate and its other key, where it is bound to both', async () => {
    bound = { ...bound, jkt: 'x' };
    expect(await get('tls', partner)).toMatchObject({ status: 401 });
    bound = { 'x5t#S256': thumbprintOf(partner.certificate) };
  });
});

describe('behind a proxy that ends TLS', () => {
  beforeAll(() => {
    certificates = new ClientCertificates(['192.0.2.0/24', '127.0.0.1']);
    bound = { 'x5t#S256': thumbprintOf(partner.certificate) };
  });

  it.each(['plain', 'tls'] as const)('the certificate is what the proxy says (%s)', async (over) => {
    expect(await get(over, { ...proxy, headers: { 'client-cert': headerOf(partner) } })).toMatchObject({ status: 200 });
    expect(await get(over, { ...proxy, headers: { 'client-cert': headerOf(thief) } })).toMatchObject({ status: 401 });
  });

  it("the proxy's own certificate is nobody's", async () => {
    bound = { 'x5t#S256': thumbprintOf(proxy.certificate) };
    expect(await get('tls', proxy)).toMatchObject({ status: 401 });
    bound = { 'x5t#S256': thumbprintOf(partner.certificate) };
  });

  it.each([
    ['nothing', () => undefined],
    ['PEM', () => partner.cert.replaceAll('\n', '')],
    ['PEM in an item of bytes', () => `:${Buffer.from(partner.cert).toString('base64')}:`],
    ['no item of bytes', () => partner.certificate.raw.toString('base64')],
    ['two', () => [headerOf(partner), headerOf(thief)]],
    ['more than the certificate', () => `:${Buffer.concat([partner.certificate.raw, Buffer.from('x')]).toString('base64')}:`],
    ['what is no certificate', () => ':aGVsbG8=:'],
  ])('a header with %s says nothing', async (_, header) => {
    const value = header();
    expect(await get('plain', { headers: value ? { 'client-cert': value } : {} })).toMatchObject({ status: 401 });
  });
});

it('a token that is bound to nothing needs no certificate, and gets nothing by one', async () => {
  certificates = new ClientCertificates();
  bound = undefined;
  expect([await get('plain'), await get('tls', thief)]).toMatchObject([{ status: 200 }, { status: 200 }]);
});

it('a proxy that is no address is refused at start', () => {
  expect(() => new ClientCertificates(['proxy.example'])).toThrow(TypeError);
});
