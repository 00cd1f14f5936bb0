import { ConsulServer, DnsServer, EurekaServer, KubernetesServer } from '@facet/registries';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { clientOf, contextOf, roomNumber, startTiny } from './tiny-service.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});
const afterwards = <T>(thing: T, close: (thing: T) => unknown): T => (closing.push(() => close(thing)), thing);

/** A registry that the test keeps, and the target that follows it. */
interface Kept {
  readonly target: string;
  /** Who there is from now on, on 127.0.0.1. */
  list(...ports: number[]): unknown;
  /** It is gone, and then there again. */
  away(): Promise<unknown>;
  back(): Promise<unknown>;
}

const registries: Readonly<Record<string, () => Promise<Kept>>> = {
  static: async () => {
    const folder = afterwards(await mkdtemp(join(tmpdir(), 'facet-fleet-')), (path) => rm(path, { recursive: true }));
    const file = join(folder, 'presence');
    const list = (...ports: number[]) => writeFile(file, ports.map((port) => `127.0.0.1:${port}\n`).join(''));
    return { target: `static:@${file}`, list, away: () => rm(file), back: () => list() };
  },
  dns: async () => {
    const dns = afterwards(await new DnsServer().start(), (server) => server.stop());
    const name = '_grpc._tcp.presence.example';
    dns.addresses('one.example', '127.0.0.1');
    return {
      target: `dns://${dns.host}/${name}`,
      list: (...ports) => dns.service(name, ...ports.map((port) => ({ port, target: 'one.example' }))),
      away: async () => dns.says('SRV', name, 'SERVFAIL'),
      back: async () => dns.service(name),
    };
  },
  consul: async () => {
    const consul = afterwards(await new ConsulServer().start(), (server) => server.kill());
    let listed: readonly number[] = [];
    const list = (...ports: number[]) => {
      for (const port of listed) if (!ports.includes(port)) consul.deregister(String(port));
      for (const Port of ports)
        if (!listed.includes(Port)) consul.register({ ID: String(Port), Name: 'presence', Address: '127.0.0.1', Port });
      listed = ports;
    };
    return { target: `consul://${consul.host}/presence`, list, away: () => consul.kill(), back: () => consul.start() };
  },
  eureka: async () => {
    const eureka = afterwards(await new EurekaServer().start(), (server) => server.kill());
    let listed: readonly number[] = [];
    const list = (...ports: number[]) => {
      for (const port of listed) if (!ports.includes(port)) eureka.cancel('PRESENCE', String(port));
      for (const port of ports)
        if (!listed.includes(port))
          eureka.register({
            instanceId: String(port),
            app: 'PRESENCE',
            hostName: 'one.example',
            ipAddr: '127.0.0.1',
            status: 'UP',
            port: { $: port, '@enabled': 'true' },
          });
      listed = ports;
    };
    return { target: `${eureka.url}/presence?interval-ms=100`, list, away: () => eureka.kill(), back: () => eureka.start() };
  },
  kubernetes: async () => {
    const kubernetes = afterwards(await new KubernetesServer().start(), (server) => server.kill());
    let listed: readonly number[] = [];
    const list = (...ports: number[]) => {
      for (const port of listed) if (!ports.includes(port)) kubernetes.remove(`presence-${port}`);
      for (const port of ports)
        if (!listed.includes(port))
          kubernetes.apply(`presence-${port}`, { ports: [{ name: 'grpc', port }], endpoints: [{ addresses: ['127.0.0.1'] }] }, 'presence');
      listed = ports;
    };
    const target = `kubernetes://${kubernetes.host}/chat/presence?port=grpc&tls=false`;
    return { target, list, away: () => kubernetes.kill(), back: () => kubernetes.start() };
  },
};

const room = { roomId: roomNumber(1) };
const start = async () => {
  const service = await startTiny();
  const calls = vi.fn(service.behaviour.count);
  service.behaviour.count = calls;
  return { ...service, calls };
};

describe.each(Object.entries(registries))('a fleet found by %s', (_, keep) => {
  it('gives calls to an instance as soon as it is listed, none to one that is listed no more, and fails no read', async () => {
    const [first, second] = [afterwards(await start(), (app) => app.stop()), afterwards(await start(), (app) => app.stop())];
    const registry = await keep();
    await registry.list(first.port);
    const { presence } = afterwards(clientOf(registry.target), (client) => client.close());
    const read = () => expect(presence.countOnline(room, contextOf())).resolves.toEqual({ count: 1 });
    await read();
    await registry.list(first.port, second.port);
    await vi.waitFor(async () => {
      await read();
      expect(second.calls).toHaveBeenCalled();
    }, 10_000);
    await registry.list(second.port);
    await vi.waitFor(async () => {
      first.calls.mockClear();
      for (let time = 0; time < 10; time++) await read();
      expect(first.calls).not.toHaveBeenCalled();
    }, 10_000);
  });

  it('stays as it is while its registry is away, and follows it again when that is back', async () => {
    const [first, second] = [afterwards(await start(), (app) => app.stop()), afterwards(await start(), (app) => app.stop())];
    const registry = await keep();
    await registry.list(first.port);
    const said: string[] = [];
    const report = (_: string, message: string) => void said.push(message);
    const { presence } = afterwards(clientOf(registry.target, { report }), (client) => client.close());
    const read = () => expect(presence.countOnline(room, contextOf())).resolves.toEqual({ count: 1 });
    await read();
    await registry.away();
    await vi.waitFor(() => expect(said.join()).toContain('is away'), 20_000);
    for (let time = 0; time < 20; time++) await read();
    await registry.back();
    await registry.list(first.port, second.port);
    await vi.waitFor(async () => {
      await read();
      expect(second.calls).toHaveBeenCalled();
    }, 20_000);
    expect(said.join()).toContain('answers again');
  });
});
