import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request as askPlain, type IncomingHttpHeaders } from 'node:http';
import { Agent, request as ask, type RequestOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { thumbprintOf } from '@facet/auth';
import { silentLogger } from '@facet/observability';
import { httpServer } from '@facet/edge';
import { startApp, type RunningApp } from '@facet/service-kit';
import { EventsFake, selfSigned, userIds, type SelfSigned } from '@facet/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../src/app.module.js';
import type { Config } from '../src/config.js';
import { general, partnerApp } from './start-partner.js';

interface Shown extends Partial<SelfSigned> {
  readonly headers?: Record<string, string>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let acme: SelfSigned;
let thief: SelfSigned;
let ours: SelfSigned;
let files: Pick<Config, 'PARTNER_TLS_CERT_FILE' | 'PARTNER_TLS_KEY_FILE'> & { PARTNER_TLS_PORT: 0 };

const write = ({ cert, key }: SelfSigned) =>
  Promise.all([writeFile(files.PARTNER_TLS_CERT_FILE!, cert), writeFile(files.PARTNER_TLS_KEY_FILE!, key)]);

const partner = partnerApp(async () => {
  folder = await mkdtemp(join(tmpdir(), 'partner-tls-'));
  files = { PARTNER_TLS_PORT: 0, PARTNER_TLS_CERT_FILE: join(folder, 'cert.pem'), PARTNER_TLS_KEY_FILE: join(folder, 'key.pem') };
  [acme, thief, ours] = [await selfSigned('acme'), await selfSigned('thief'), await selfSigned('api.partner.test')];
  await write(ours);
  return { ...files, PARTNER_TLS_PORT: '0' };
});
afterAll(() => rm(folder, { recursive: true }));

const portOf = ({ listening }: RunningApp) => Number(new URL(listening['https']!).port);

function get(app: RunningApp, headers: Record<string, string>, options: RequestOptions = {}): Promise<Answer> {
  const asked = { host: '127.0.0.1', port: portOf(app), path: general, rejectUnauthorized: false, agent: false, headers, ...options };
  return new Promise((resolve, reject) => {
    ask(asked, (response) => {
      let body = '';
      response.on('data', (piece) => (body += String(piece)));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const tokenFor = (certificate: SelfSigned | undefined) =>
  partner.issuer.issue({
    user: { subject: userIds.bob },
    client: 'demo-partner',
    ...(certificate && { claims: { cnf: { 'x5t#S256': thumbprintOf(new X509Certificate(certificate.cert)) } } }),
  });

describe('over TLS', () => {
  it('a token that is bound to a certificate is good with it', async () => {
    const { status, body } = await get(partner.running, bearer(await tokenFor(acme)), acme);
    expect([status, JSON.parse(body)]).toMatchObject([200, { name: 'general' }]);
  });

  it.each([
    ['another certificate', () => thief],
    ['no certificate', () => ({})],
    [
      'its certificate in a header alone',
      () => ({ headers: { 'client-cert': `:${new X509Certificate(acme.cert).raw.toString('base64')}:` } }),
    ],
  ])('with %s it is 401 with a challenge, and reaches no service', async (_, shown) => {
    const { headers, ...options }: Shown = shown();
    const answer = await get(partner.running, { ...headers, ...bearer(await tokenFor(acme)) }, options);
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
    expect(partner.fakes.rooms.calls).toEqual({});
  });

  it('a token that is bound to nothing is good, with a certificate and without', async () => {
    const token = bearer(await tokenFor(undefined));
    expect((await Promise.all([get(partner.running, token), get(partner.running, token, acme)])).map(({ status }) => status)).toEqual([
      200, 200,
    ]);
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('%s is too old', async (version) => {
    const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(get(partner.running, {}, old)).rejects.toThrow();
  });

  it('whoever speaks no TLS hears nothing', async () => {
    const plain = new Promise((resolve, reject) => {
      askPlain({ host: '127.0.0.1', port: portOf(partner.running), path: general }, resolve)
        .on('error', reject)
        .end();
    });
    await expect(plain).rejects.toThrow();
  });
});

it('a token that is bound to a certificate is 401 where there is no TLS', async () => {
  const headers = { 'client-cert': `:${new X509Certificate(acme.cert).raw.toString('base64')}:` };
  for (const more of [{}, { headers }]) {
    expect(await partner.call('GET', general, { token: await tokenFor(acme), ...more })).toMatchObject({ status: 401 });
  }
});

describe('a listener of its own', () => {
  let app: RunningApp | undefined;
  afterEach(() => app?.stop());
  beforeAll(() => write(ours));

  /** The same application once more, with what a test wants otherwise. */
  const start = async (settings: Partial<Config> = {}, lines: string[] = []) => {
    const config = { ...partner.config, ...settings };
    const tell = (_: object, line: string) => void lines.push(line);
    app = await startApp({
      name: 'partner-bff',
      config,
      module: AppModule.forRoot(config, { events: new EventsFake() }),
      server: httpServer({ port: 0, managementPort: 0, proxies: config, tls: config }),
      logger: { ...silentLogger, info: tell, warn: tell },
    });
    return app;
  };

  it('is there only where it is configured', async () => {
    const { listening } = await start({ PARTNER_TLS_PORT: undefined });
    expect(Object.keys(listening)).toEqual(['http', 'management']);
  });

  it('takes the certificate from a proxy that ends TLS and is named, over either listener', async () => {
    const proxied = await start({ CLIENT_CERT_PROXIES: ['127.0.0.1'] });
    const headers = { ...bearer(await tokenFor(acme)), 'client-cert': `:${new X509Certificate(acme.cert).raw.toString('base64')}:` };
    expect(await get(proxied, headers, thief)).toMatchObject({ status: 200 });
    expect((await fetch(proxied.listening['http'] + general, { headers })).status).toBe(200);
  });

  it('shows a certificate that was renewed to who comes then, and what does not fit together to nobody', async () => {
    const lines: string[] = [];
    const running = await start({}, lines);
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const socket: TLSSocket = connect({ host: '127.0.0.1', port: portOf(running), rejectUnauthorized: false }, () => {
          resolve(socket.getPeerX509Certificate()!.subject);
          socket.destroy();
        }).on('error', reject);
      });
    expect(await shown()).toBe('CN=api.partner.test');

    const next = await selfSigned('next.partner.test');
    await writeFile(files.PARTNER_TLS_CERT_FILE!, next.cert);
    await vi.waitUntil(() => lines.some((line) => line.includes('stays as it is')), 10_000);
    expect(await shown()).toBe('CN=api.partner.test');

    await write(next);
    await vi.waitUntil(() => lines.some((line) => line.includes('new certificate')), 10_000);
    expect(await shown()).toBe('CN=next.partner.test');
    await write(ours);
  });

  it.each([
    ['a file that is not there', () => ({ PARTNER_TLS_CERT_FILE: join(folder, 'nothing.pem') })],
    ['a certificate of another key', () => ({ PARTNER_TLS_KEY_FILE: join(folder, 'other.pem') })],
  ])('with %s it does not start', async (_, settings) => {
    await writeFile(join(folder, 'other.pem'), thief.key);
    await expect(start(settings())).rejects.toThrow('PARTNER_TLS_CERT_FILE and PARTNER_TLS_KEY_FILE are of no use');
    app = undefined;
  });

  it('answers what is under way before it ends, on a connection that then ends too', async () => {
    const running = await start();
    let release = (): void => undefined;
    const asked = new Promise<void>((arrived) => {
      const { getRoom } = partner.fakes.rooms.handlers;
      partner.fakes.rooms.handlers.getRoom = async (...call) => {
        arrived();
        await new Promise<void>((resolve) => (release = resolve));
        return getRoom!(...call);
      };
    });
    const agent = new Agent({ keepAlive: true });
    const answer = get(running, bearer(await tokenFor(acme)), { ...acme, agent });
    await asked;
    const stopped = running.stop();
    await expect(get(running, {})).rejects.toThrow('ECONNREFUSED');
    release();
    expect(await answer).toMatchObject({ status: 200 });
    await stopped;
    agent.destroy();
  });
});
