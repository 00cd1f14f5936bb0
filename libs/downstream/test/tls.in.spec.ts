import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createServer as createSecureServer } from 'node:https';
import { Certificates, readFiles } from '@facet/certs';
import { GrpcStatus } from '@facet/errors';
import { openCertificate } from '@facet/service-kit/tls';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readBody } from '../src/http-body.js';
import { ConnectionSecurity } from '../src/connection-security.js';
import { HttpTransport } from '../src/http-transport.js';
import { Behaviour, clientOf, contextOf, roomNumber, startTiny } from './tiny-service.js';

const opened: { close?(): void; stop?(): Promise<void> }[] = [];
const keep = <T extends (typeof opened)[number]>(thing: T): T => (opened.push(thing), thing);
afterEach(async () => {
  for (const { close, stop } of opened.splice(0)) {
    close?.();
    await stop?.();
  }
});

async function certificates(): Promise<Certificates> {
  const made = await Certificates.make();
  onTestFinished(() => made.remove());
  return made;
}

const own = Object.values(networkInterfaces())
  .flat()
  .find((each) => each && !each.internal && each.family === 'IPv4')?.address;

const room = { roomId: roomNumber(1) };
const unavailable = expect.objectContaining({ reason: 'unavailable' });

/** A service that counts what reaches it. */
async function startCounting(settings: Parameters<typeof startTiny>[3], connectionAgeMs?: number) {
  const calls = { count: 0 };
  const behaviour = new Behaviour();
  behaviour.count = async (items) => {
    calls.count += items.length;
    return items.map(() => ({ count: 1 }));
  };
  return { ...keep(await startTiny(behaviour, 0, connectionAgeMs, settings)), calls };
}

describe('calls between applications with certificates', () => {
  it('reach the service that they are for', async () => {
    const made = await certificates();
    const { port, calls } = await startCounting(await made.of('presence-service'));
    const { presence } = keep(clientOf(port, { tls: await made.of('mobile-bff') }));
    await expect(presence.countOnline(room, contextOf())).resolves.toEqual({ count: 1 });
    expect(calls.count).toBe(1);
  });

  it('reach nobody who proves to be another service, though discovery names his address and one authority vouches for all', async () => {
    const made = await certificates();
    const { port, calls } = await startCounting({
      name: 'rooms-service',
      ...(await made.of('rooms-service', { hosts: ['presence-service'] })),
    });
    const report = vi.fn();
    const { presence } = keep(clientOf(port, { tls: await made.of('mobile-bff'), report }));
    await expect(presence.countOnline(room, contextOf(undefined, { timeoutMs: 1_000 }))).rejects.toEqual(unavailable);
    expect(calls.count).toBe(0);
    const said = report.mock.calls.filter(([, line]) => String(line).includes('rooms-service answers instead of presence-service'));
    expect(said).toHaveLength(1);
  });

  it.each([
    [
      'whose certificate another authority signed',
      async (made: Certificates) => made.of('mobile-bff', { by: (await certificates()).authority, ca: made.authority.pair.cert }),
    ],
    ['without a certificate', async () => undefined],
  ])('reach nobody from a client %s', async (_, make) => {
    const made = await certificates();
    const { port, calls } = await startCounting(await made.of('presence-service'));
    const { presence } = keep(clientOf(port, { tls: await make(made) }));
    await expect(presence.countOnline(room, contextOf(undefined, { timeoutMs: 1_000 }))).rejects.toEqual(unavailable);
    expect(calls.count).toBe(0);
  });

  it('are lost by none of the changes from one authority to the next, on either side, while they flow', async () => {
    const [made, { authority: next }] = [await certificates(), await certificates()];
    const both = made.authority.pair.cert + next.pair.cert;
    const { port } = await startCounting(await made.of('presence-service'), 50);
    const tls = await made.of('mobile-bff');
    const report = vi.fn();
    const { presence } = keep(clientOf(port, { tls, report }));
    const flowing = flow(() => presence.countOnline(room, contextOf()));
    for (const [by, ca] of [
      [made.authority, both],
      [next, both],
      [next, next.pair.cert],
    ] as const) {
      const news = report.mock.calls.length;
      await made.of('presence-service', { by, ca });
      await made.of('mobile-bff', { by, ca });
      await vi.waitFor(() => expect(report.mock.calls.length).toBeGreaterThan(news), 10_000);
      await flowing.further(100);
    }
    expect(await flowing.end()).toEqual([]);
    expect(report.mock.calls.every(([level]) => level === 'info')).toBe(true);
  });
});

/** Calls one after the other until it is ended, and tells which failed. */
function flow(call: () => Promise<unknown>) {
  const failed: unknown[] = [];
  let [count, ended] = [0, false];
  const done = (async () => {
    while (!ended) {
      await call().catch((error: unknown) => failed.push(error));
      count++;
    }
  })();
  return {
    further: async (calls: number) => {
      const goal = count + calls;
      await vi.waitFor(() => expect(count).toBeGreaterThanOrEqual(goal), 20_000);
    },
    end: async () => {
      ended = true;
      await done;
      return failed;
    },
  };
}

describe('calls without a certificate', () => {
  it.runIf(own)('do not leave for an address beyond loopback, not with a byte, and it is said once', async () => {
    const heard: Buffer[] = [];
    const server = createServer((socket) => socket.on('data', (bytes) => heard.push(bytes)).on('error', () => undefined));
    await once(server.listen(0, '0.0.0.0'), 'listening');
    onTestFinished(() => void server.close());
    const report = vi.fn();
    const { presence } = keep(clientOf(`static:${own}:${(server.address() as AddressInfo).port}`, { report }));
    for (let turn = 0; turn < 3; turn++) {
      await expect(presence.countOnline(room, contextOf(undefined, { timeoutMs: 500 }))).rejects.toEqual(unavailable);
    }
    expect(heard).toEqual([]);
    expect(report.mock.calls).toEqual([
      ['warn', expect.stringContaining(`presence-service at ${own} is not called: beyond loopback it takes TLS_CERT_FILE`)],
    ]);
  });
});

describe('requests by HTTP', () => {
  /** A server that wants a certificate, of that name, and a transport that expects media-service there. */
  async function meet(name: string) {
    const made = await certificates();
    const asked: (string | undefined)[] = [];
    const server = createSecureServer({ ...readFiles(await made.of(name)), requestCert: true }, (request, response) => {
      asked.push(request.url);
      response.end('well');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const report = vi.fn();
    const certificate = openCertificate('mobile-bff', await made.of('mobile-bff'), report)!;
    const transport = new HttpTransport(new ConnectionSecurity({ expected: 'media-service', certificate, report }));
    onTestFinished(() => (transport.close(), certificate.close()));
    const member = { address: `localhost:${(server.address() as AddressInfo).port}`, reachable: true };
    const onConnected = vi.fn();
    const ask = () =>
      transport.open({ member, method: 'GET', path: '/v1', headers: {}, signal: new AbortController().signal, onConnected });
    return { ask, asked, member, onConnected, report };
  }

  it('reach the service that they are for, over connections that are kept', async () => {
    const { ask, asked, onConnected } = await meet('media-service');
    for (const turn of [1, 2]) {
      const { status, body } = await ask();
      expect([status, (await readBody(body, 100)).toString()]).toEqual([200, 'well']);
      expect(onConnected).toHaveBeenCalledTimes(turn);
    }
    expect(asked).toEqual(['/v1', '/v1']);
  });

  it('reach nobody who proves to be another service: as if nobody were there', async () => {
    const { ask, asked, onConnected, member, report } = await meet('users-service');
    await expect(ask()).rejects.toMatchObject({ code: GrpcStatus.UNAVAILABLE });
    expect([asked, onConnected.mock.calls, member.reachable]).toEqual([[], [], false]);
    expect(report).toHaveBeenCalledWith('warn', expect.stringContaining('users-service answers instead of media-service'));
  });

  it.runIf(own)('do not leave for an address beyond loopback without a certificate', async () => {
    const report = vi.fn();
    const transport = new HttpTransport(new ConnectionSecurity({ expected: 'media-service', report }));
    onTestFinished(() => transport.close());
    const asking = {
      member: { address: `${own}:80`, reachable: true },
      method: 'GET',
      path: '/v1',
      headers: {},
      signal: new AbortController().signal,
    };
    for (let turn = 0; turn < 2; turn++) await expect(transport.open(asking)).rejects.toMatchObject({ code: GrpcStatus.UNAVAILABLE });
    expect(report.mock.calls).toEqual([['warn', expect.stringContaining(`media-service at ${own} is not called`)]]);
  });
});
