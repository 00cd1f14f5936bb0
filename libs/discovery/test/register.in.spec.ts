import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register, type RegisterOptions, type Registration } from '../src/index.js';
import { closedAfterwards } from './closing.js';
import { ConsulServer, EurekaServer } from '@facet/registries';
import { closeWhatIsOpen, Follower } from './follower.js';

const self = { name: 'rooms-service', address: '10.0.0.1', port: 5052, zone: 'a', weight: 3, version: '1.4' };
const told = { address: '10.0.0.1:5052', zone: 'a', weight: 3, version: '1.4' };
let reports: string[] = [];

async function enter(url: string, options: Partial<RegisterOptions> = {}): Promise<Registration> {
  reports = [];
  const report: RegisterOptions['report'] = (level, message, error) =>
    reports.push(`${level}: ${message}${error instanceof Error ? ` (${error.message})` : ''}`);
  const registration = await register(url, self, { report, ...options });
  closedAfterwards(() => registration.close(200));
  return registration;
}

afterEach(closeWhatIsOpen);

describe.each([
  {
    kind: 'Consul',
    server: () => new ConsulServer(),
    url: (host: string) => `consul://${host}?ttl-ms=60`,
    target: (host: string) => `consul://${host}/rooms-service`,
    remove: (server: ConsulServer | EurekaServer) => server instanceof ConsulServer && server.deregister('rooms-service-10.0.0.1-5052'),
  },
  {
    kind: 'Eureka',
    server: () => new EurekaServer(),
    url: (host: string) => `eureka://${host}/eureka?renew-ms=20`,
    target: (host: string) => `eureka://${host}/eureka/rooms-service?interval-ms=20`,
    remove: (server: ConsulServer | EurekaServer) =>
      server instanceof EurekaServer && server.cancel('ROOMS-SERVICE', '10.0.0.1:rooms-service:5052'),
  },
])('an instance at $kind', ({ server: make, url, target, remove }) => {
  let server: ConsulServer | EurekaServer;
  beforeEach(async () => {
    server = await make().start();
    closedAfterwards(() => server.kill());
  });

  it('is found with zone, weight and version, and no longer once it is closed', async () => {
    const follower = new Follower(target(server.host));
    await follower.sees();
    const registration = await enter(url(server.host));
    expect(registration.registered).toBe(true);
    await follower.sees('10.0.0.1:5052');
    expect(follower.tables.at(-1)).toEqual([told]);
    await registration.close();
    await follower.sees();
    expect(registration.registered).toBe(false);
    expect(reports).toEqual([expect.stringContaining('info: rooms-service is registered at')]);
  });

  it('renews itself, and enters again where the registry has forgotten it', async () => {
    await enter(url(server.host));
    await vi.waitFor(() =>
      expect(server.seen.filter((request) => /check\/pass|PUT .*5052\?status=UP/.test(request)).length).toBeGreaterThan(2),
    );
    expect(remove(server)).toBe(true);
    await vi.waitFor(() => expect(remove(server)).toBe(true));
  });

  it('serves where the registry is away, and is entered when it comes', async () => {
    await server.kill();
    const registration = await enter(url(server.host));
    expect(registration.registered).toBe(false);
    expect(reports).toEqual([expect.stringContaining('rooms-service may not be found there')]);
    await server.start();
    await vi.waitFor(() => expect(registration.registered).toBe(true));
  });

  it('is entered only once it is ready', async () => {
    let ready = false;
    const registration = await enter(url(server.host), { ready: async () => ready });
    expect(registration.registered).toBe(false);
    expect(server.seen).toEqual([]);
    ready = true;
    await vi.waitFor(() => expect(registration.registered).toBe(true));
  });

  it('closes in time where the registry says nothing', async () => {
    const registration = await enter(url(server.host));
    server.fallSilent();
    await registration.close(100);
    expect(reports.at(-1)).toMatch(/could not be struck out/);
    const asked = server.seen.length;
    await registration.close();
    expect(server.seen).toHaveLength(asked);
  });
});

describe('an instance at Consul', () => {
  it('that stops renewing gets critical after its TTL and is struck out by Consul', async () => {
    const consul = await new ConsulServer().start();
    closedAfterwards(() => consul.kill());
    await enter(`consul://${consul.host}`);
    const id = 'rooms-service-10.0.0.1-5052';
    expect(consul.registered(id)?.Check).toMatchObject({ TTL: '15000ms', Status: 'passing', DeregisterCriticalServiceAfter: '60000ms' });
    consul.pass(14_999);
    expect(consul.statusOf(id)).toBe('passing');
    consul.pass(1);
    expect(consul.statusOf(id)).toBe('critical');
    consul.pass(60_000);
    expect(consul.registered(id)).toBeUndefined();
  });

  it('shows the token of a file', async () => {
    const consul = await new ConsulServer().start();
    closedAfterwards(() => consul.kill());
    const file = join(await mkdtemp(join(tmpdir(), 'facet-')), 'token');
    await writeFile(file, 'secret\n');
    await enter(`consul://${consul.host}?token-file=${file}`);
    expect(consul.headersSeen[0]?.['x-consul-token']).toBe('secret');
  });
});

describe('a registry', () => {
  it.each([
    ['consul://agent:8500/rooms-service', 'must be consul://agent:8500'],
    ['eureka://host?colour=red', 'colour is none of its parameters'],
    ['kubernetes:///a/b', 'must begin with consul:// or eureka://'],
  ])('%s is refused with the reason', (url, reason) => expect(enter(url)).rejects.toThrow(reason));
});
