import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { silentLogger } from '@facet/observability';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { grpcServer, startApp, type RunningApp } from '../src/index.js';
import { productionConfig } from './tiny-service.js';

/** What a Consul agent hears; it is content with everything. */
const heard: { path: string; body: string }[] = [];
/** What it does before it says that an instance is struck out. */
let struckOut = () => Promise.resolve();
let agent: Server;
let registry: string;
let running: RunningApp | undefined;
let ready = true;

class Part {
  readonly name = 'part';
  ping = () => (ready ? Promise.resolve() : Promise.reject(new Error('away')));
}
class Root {}

beforeEach(async () => {
  heard.length = 0;
  ready = true;
  struckOut = () => Promise.resolve();
  agent = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const path = request.url ?? '';
      heard.push({ path, body });
      void (path.includes('deregister') ? struckOut() : Promise.resolve()).then(() => response.end());
    });
  }).listen(0, '127.0.0.1');
  await once(agent, 'listening');
  registry = `consul://127.0.0.1:${(agent.address() as AddressInfo).port}?ttl-ms=60`;
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  agent.close();
  agent.closeAllConnections();
});

async function start(settings: object = {}): Promise<RunningApp> {
  const server = grpcServer({ services: [], port: 0, internalKeys: {} });
  const config = { ...productionConfig, REGISTRY: registry, ...settings };
  const module = { module: Root, providers: [Part] };
  return (running = await startApp({ name: 'tiny-service', config, module, server, logger: silentLogger }));
}
const registrations = () => heard.filter(({ path }) => path === '/v1/agent/service/register');
const registered = () => vi.waitFor(() => expect(registrations()).toHaveLength(1), 10_000);

describe('a service with a registry', () => {
  it('tells it where it is reached, its zone, weight and version, and lives on there', async () => {
    const { port } = await start({ ADVERTISED_ADDRESS: 'tiny.example', ZONE: 'a', WEIGHT: 3, VERSION: '1.4' });
    await registered();
    expect(JSON.parse(registrations()[0]?.body ?? '')).toMatchObject({
      Name: 'tiny-service',
      Address: 'tiny.example',
      Port: port,
      Meta: { zone: 'a', weight: '3', version: '1.4' },
      Weights: { Passing: 3 },
    });
    await vi.waitFor(() => expect(heard.some(({ path }) => path.startsWith('/v1/agent/check/pass/'))).toBe(true));
  });

  it('tells it the address that it listens on unless told another', async () => {
    await start();
    await registered();
    expect(JSON.parse(registrations()[0]?.body ?? '')).toMatchObject({ Address: '127.0.0.1' });
  });

  it('enters it only once it is ready', async () => {
    ready = false;
    await start();
    expect(registrations()).toEqual([]);
    ready = true;
    await registered();
  });

  it('leaves it first when it stops, while it still serves, and drains after that', async () => {
    const { port } = await start({ LEAVING_MS: 1, SHUTDOWN_MS: 5_000 });
    await registered();
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    struckOut = () => {
      asked.resolve();
      return answer.promise;
    };
    const stopped = running?.stop();
    await asked.promise;
    await expect(accepts(port)).resolves.toBe(true);
    answer.resolve();
    await stopped;
    await expect(accepts(port)).resolves.toBe(false);
    expect(heard.at(-1)?.path).toContain('/v1/agent/service/deregister/tiny-service-127.0.0.1');
  });

  it('serves where the registry is away, and stops in time', async () => {
    const { port } = await start({ REGISTRY: 'consul://127.0.0.1:1', SHUTDOWN_MS: 5_000 });
    await expect(accepts(port)).resolves.toBe(true);
    await running?.stop();
  });

  it('does not start where the registry cannot be read, and leaves nothing that listens', async () => {
    await expect(start({ REGISTRY: 'consul://agent:8500/too/much' })).rejects.toThrow('must be consul://agent:8500');
  });
});

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
