import { get } from 'node:https';
import { readFiles, type Certificates, type TlsFiles } from '@facet/certs';
import { Client, credentials, status } from '@grpc/grpc-js';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { silentLogger } from '@facet/observability';
import { Controller, Get, Module, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { httpService } from '../src/http.js';
import { grpcServer, startApp, type ProcessConfig, type ServerKind } from '../src/index.js';
import { encodeMessage, methodOf, pathOf, writeHeaders } from '../src/wire.js';
import { certificates, shake, ticketsOf } from './tls.fixtures.js';
import { alice, aRoom, internalKeys, productionConfig, startTiny, tokenOf } from './tiny-service.js';

@Controller()
class Whoami {
  @Get('whoami')
  whoami(@Req() { call }: FastifyRequest) {
    return { subject: call.caller?.subject };
  }
}

@Module({ controllers: [Whoami] })
class HttpRoot {}

/** A service by gRPC or by HTTP, with these settings, as `presence-service`. */
async function serve(kind: 'grpc' | 'http', settings: Partial<ProcessConfig>) {
  const running =
    kind === 'grpc'
      ? await startTiny({ settings })
      : await startApp({
          name: 'presence-service',
          config: { ...productionConfig, ...settings },
          module: HttpRoot,
          server: httpService({ port: 0, internalKeys }),
          logger: silentLogger,
        });
  onTestFinished(() => running.stop());
  return running;
}
const protocols = { grpc: 'h2', http: 'http/1.1' } as const;

describe.each(['grpc', 'http'] as const)('a service with a certificate, by %s', (kind) => {
  const protocol = protocols[kind];
  async function open() {
    const made = await certificates();
    const { port } = await serve(kind, await made.of('presence-service'));
    return { made, port, as: (files: TlsFiles) => shake(port, protocol, readFiles(files)) };
  }

  it('takes the connection of an issuer that it shares a key with, and its own, by TLS 1.3', async () => {
    const { made, as } = await open();
    for (const name of ['mobile-bff', 'web-bff', 'presence-service']) expect((await as(await made.of(name))).getProtocol()).toBe('TLSv1.3');
  });

  it.each<[string, (made: Certificates) => Promise<TlsFiles>]>([
    ['of another service', (made) => made.of('rooms-service')],
    ['of a BFF that it shares no key with', (made) => made.of('partner-bff')],
    ['of a name of another authority', (made) => made.of('mobile-bff', { uri: 'spiffe://elsewhere/mobile-bff' })],
    ['of a host alone', (made) => made.of('mobile-bff', { uri: 'https://mobile-bff/' })],
    ['that has ended', (made) => made.of('mobile-bff', { lifetimeMs: -1_000 })],
  ])('refuses a certificate %s', async (_, make) => {
    const { made, as } = await open();
    await expect(as(await make(made))).rejects.toThrow();
  });

  it('refuses a certificate that another authority signed, and a connection without any', async () => {
    const { made, port } = await open();
    const other = (await certificates()).authority;
    const forged = readFiles(await made.of('mobile-bff', { by: other }));
    const { ca } = readFiles(await made.of('web-bff'));
    await expect(shake(port, protocol, { ...forged, ca })).rejects.toThrow();
    await expect(shake(port, protocol, { ca })).rejects.toThrow();
  });

  it('refuses TLS 1.2', async () => {
    const { made, port } = await open();
    const files = readFiles(await made.of('mobile-bff'));
    await expect(shake(port, protocol, { ...files, maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version|alert/i);
  });

  it('resumes no session: each connection shows its certificate', async () => {
    const { made, port } = await open();
    const files = readFiles(await made.of('mobile-bff'));
    const [session] = ticketsOf.get(await shake(port, protocol, files))!;
    expect((await shake(port, protocol, { ...files, session })).isSessionReused()).toBe(false);
  });

  it('shows new files to connections that come after them, and believes a new authority, without a restart', async () => {
    const { made, port } = await open();
    const bff = readFiles(await made.of('mobile-bff'));
    const old = await shake(port, protocol, bff);
    const next = (await certificates()).authority;
    await made.of('presence-service', { by: next });
    const files = readFiles(await made.of('mobile-bff', { by: next }));
    await vi.waitFor(async () => {
      expect((await shake(port, protocol, files)).getPeerCertificate().issuer).not.toEqual(old.getPeerCertificate().issuer);
    }, 10_000);
    await expect(shake(port, protocol, bff)).rejects.toThrow();
    expect(old.destroyed).toBe(false);
  });

  it('keeps its certificate where new files are of no use, and says so', async () => {
    const { made, as } = await open();
    const warn = vi.spyOn(silentLogger, 'warn');
    await made.of('presence-service', { uri: 'spiffe://facet/rooms-service' });
    await vi.waitFor(() => expect(warn).toHaveBeenCalledWith({}, expect.stringContaining('is of rooms-service')), 10_000);
    expect((await as(await made.of('mobile-bff'))).authorized).toBe(true);
  });
});

const path = pathOf(PresenceService, methodOf(PresenceService, 'setTyping'));
const bytes = encodeMessage(methodOf(PresenceService, 'setTyping').requestType, { roomId: aRoom });
const same = (buffer: Buffer) => buffer;

/** What a call gets that carries a token of mobile-bff, over the connection of whoever has these files. */
const asking = {
  grpc: async (port: number, files: TlsFiles): Promise<unknown> => {
    const { cert, key, ca } = readFiles(files);
    const [root, own, chain] = [ca, key, cert].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
    const client = new Client(`localhost:${port}`, credentials.createSsl(root, own, chain, { checkServerIdentity: () => undefined }));
    onTestFinished(() => client.close());
    const metadata = writeHeaders({ requestId: 'a-request', token: tokenOf(alice) });
    const deadline = Date.now() + 5_000;
    return new Promise((resolve) =>
      client.makeUnaryRequest(path, same, same, bytes, metadata, { deadline }, (error) => resolve(error?.code ?? 'answered')),
    );
  },
  http: async (port: number, files: TlsFiles): Promise<unknown> => {
    const headers = { authorization: `Bearer ${tokenOf(alice)}` };
    return new Promise((resolve, reject) => {
      get({ port, path: '/whoami', headers, agent: false, ...readFiles(files) }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? 'answered' : answer.statusCode);
      }).on('error', reject);
    });
  },
};

describe.each([
  ['grpc', status.UNAUTHENTICATED],
  ['http', 401],
] as const)('a stolen token, by %s', (kind, refused) => {
  it('is refused on the connection of anybody but its issuer', async () => {
    const made = await certificates();
    const { port } = await serve(kind, await made.of('presence-service'));
    const as = async (name: string) => asking[kind](port, await made.of(name));
    expect(await as('mobile-bff')).toBe('answered');
    expect(await as('web-bff')).toBe(refused);
    expect(await as('presence-service')).toBe(refused);
    expect(await as('mobile-bff')).toBe('answered');
  });
});

describe('a service does not start', () => {
  const start = async (settings: Partial<ProcessConfig>, server: ServerKind = httpService({ port: 0, internalKeys })) => {
    const running = await startApp({
      name: 'presence-service',
      config: { ...productionConfig, ...settings },
      module: HttpRoot,
      server,
      logger: silentLogger,
    });
    await running.stop();
  };

  it.each(['0.0.0.0', '::', '10.0.0.1', 'presence.example'])('on %s, which is not loopback, without a certificate', async (HOST) => {
    const line = `HOST is ${HOST}, which is not loopback: set TLS_CERT_FILE, TLS_KEY_FILE and TLS_CA_FILE.`;
    await expect(start({ HOST })).rejects.toThrow(line);
    await expect(start({ HOST }, grpcServer({ services: [], port: 0, internalKeys }))).rejects.toThrow(line);
  });

  it('beyond loopback in development, certificate or not', async () => {
    const files = await (await certificates()).of('presence-service');
    await expect(start({ HOST: '0.0.0.0', FACET_ENV: 'development', ...files })).rejects.toThrow(
      'FACET_ENV=development is for this machine alone',
    );
    await start({ HOST: '0.0.0.0', ...files });
  });

  it('with a certificate that is of no use', async () => {
    const made = await certificates();
    const files = await made.of('presence-service');
    const other = await made.of('rooms-service');
    await expect(start({ TLS_CERT_FILE: files.TLS_CERT_FILE })).rejects.toThrow('belong together');
    await expect(start({ ...files, TLS_KEY_FILE: other.TLS_KEY_FILE })).rejects.toThrow('is not the key of');
    await expect(start({ ...files, TLS_CA_FILE: '/nowhere/ca.crt' })).rejects.toThrow('/nowhere/ca.crt');
    await expect(start(other)).rejects.toThrow('The certificate of presence-service is of no use');
    await expect(start(await made.of('presence-service', { lifetimeMs: -1_000 }))).rejects.toThrow('ended at');
  });
});
