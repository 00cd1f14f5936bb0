import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderMetrics } from '@facet/observability';
import { discover } from '../src/index.js';
import { closedAfterwards } from './closing.js';
import { ConsulServer, type ConsulService } from '@facet/registries';
import { closeWhatIsOpen, Follower } from './follower.js';

let consul: ConsulServer;
beforeEach(async () => {
  consul = await new ConsulServer().start();
  closedAfterwards(() => consul.kill());
});
afterEach(closeWhatIsOpen);

function instance(id: string, more: Partial<ConsulService> = {}): ConsulService {
  return { ID: id, Name: 'rooms-service', Address: '10.0.0.1', Port: Number(id), ...more };
}

const target = (parameters = '') => `consul://${consul.host}/rooms-service${parameters}`;
/** Resolves when the follower waits for a change. */
const blocked = () => vi.waitFor(() => expect(consul.blocked).toBe(1));

describe('the table of a Consul service', () => {
  it('has its passing instances with zone, weight and version', async () => {
    consul.register(instance('5052', { Meta: { zone: 'a', version: '1.4' }, Weights: { Passing: 3, Warning: 1 } }));
    consul.register(instance('5053', { Address: '' }));
    consul.register(instance('5054'), { status: 'warning' });
    consul.register(instance('5055'), { status: 'critical' });
    consul.register(instance('0'));
    const follower = new Follower(target());
    await follower.until(() => follower.tables.length > 0);
    expect(follower.tables).toEqual([
      [
        { address: '10.0.0.1:5052', zone: 'a', weight: 3, version: '1.4' },
        { address: '127.0.0.9:5053', weight: 1 },
      ],
    ]);
  });

  it('follows who comes, goes, fails and recovers while a query waits for it, and asks not otherwise', async () => {
    consul.register(instance('5052'));
    const follower = new Follower(target());
    await follower.sees('10.0.0.1:5052');
    await blocked();
    expect(consul.seen).toEqual([
      'GET /v1/health/service/rooms-service?passing=true',
      'GET /v1/health/service/rooms-service?passing=true&index=11&wait=60000ms',
    ]);
    consul.register(instance('5053'));
    await follower.sees('10.0.0.1:5052', '10.0.0.1:5053');
    consul.mark('5052', 'critical');
    await follower.sees('10.0.0.1:5053');
    consul.mark('5052', 'passing');
    await follower.sees('10.0.0.1:5052', '10.0.0.1:5053');
    consul.deregister('5053');
    await follower.sees('10.0.0.1:5052');
  });

  it('is empty where the service has no passing instance, and told as that', async () => {
    const follower = new Follower(target());
    await follower.sees();
    consul.register(instance('5052'));
    await follower.sees('10.0.0.1:5052');
    consul.mark('5052', 'critical');
    await follower.sees();
    expect(follower.tables).toHaveLength(3);
  });

  it('is not told again by a query that returns without a change', async () => {
    consul.register(instance('5052'));
    const follower = new Follower(target('?wait-ms=20'));
    await vi.waitFor(() => expect(consul.seen.length).toBeGreaterThan(3));
    const asked = consul.seen.length;
    consul.change();
    await vi.waitFor(() => expect(consul.seen.length).toBeGreaterThan(asked + 1));
    expect(follower.tables).toHaveLength(1);
  });

  it('begins anew where the index goes backwards', async () => {
    consul.register(instance('5052'));
    const follower = new Follower(target());
    await blocked();
    consul.goBackTo(3);
    await vi.waitFor(() => expect(consul.seen.at(-1)).toContain('index=3'));
    expect(consul.seen.slice(1)).toEqual([
      expect.stringContaining('index=11'),
      expect.not.stringContaining('index='),
      expect.stringContaining('index=3'),
    ]);
    consul.register(instance('5053'));
    await follower.sees('10.0.0.1:5052', '10.0.0.1:5053');
  });

  it('waits at index 1 where the server says 0', async () => {
    consul.index = 0;
    new Follower(target());
    await vi.waitFor(() => expect(consul.seen.at(-1)).toContain('index=1&'));
  });

  it('is asked for with data centre, tag, namespace and consistency, and a token that is read anew', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'facet-')), 'token');
    await writeFile(file, 'first\n');
    consul.register(instance('5052', { Tags: ['blue'] }), { dc: 'dc2' });
    const follower = new Follower(target(`?dc=dc2&tag=blue&ns=chat&stale&cached=true&token-file=${encodeURIComponent(file)}`));
    await follower.sees('10.0.0.1:5052');
    await blocked();
    expect(consul.seen[0]).toBe('GET /v1/health/service/rooms-service?passing=true&dc=dc2&tag=blue&ns=chat&stale=&cached=');
    await writeFile(file, 'second');
    consul.change();
    await vi.waitFor(() => expect(consul.headersSeen.map((headers) => headers['x-consul-token'])).toEqual(['first', 'first', 'second']));
  });

  it.each([
    [{ 'x-consul-lastcontact': '2500' }, 2_500],
    [{ 'x-cache': 'HIT', age: '7' }, 7_000],
  ])('is as old as a stale server or a cache says: %j', async (extra, ageMs) => {
    consul.extra = extra;
    const follower = new Follower(target('?stale'), { now: () => 0 });
    await follower.sees();
    expect(follower.discovery.ageMs).toBe(ageMs);
  });
});

describe('while Consul is away', () => {
  it('the last table stays in use and tells its age, and is followed again when it is back', async () => {
    const clock = { now: 0 };
    consul.register(instance('5052'));
    const follower = new Follower(target(), { now: () => clock.now });
    await follower.sees('10.0.0.1:5052');
    await blocked();
    await consul.kill();
    clock.now = 60_000;
    await follower.hears('warn: The registry of');
    expect(follower.discovery.ageMs).toBe(60_000);
    await vi.waitFor(async () => expect(await renderMetrics()).toContain(`facet_discovery_age_seconds{target="${target()}"} 60`));
    expect(await renderMetrics()).toContain(`facet_discovery_endpoints{target="${target()}"} 1`);
    consul.register(instance('5053'));
    await consul.start();
    await follower.sees('10.0.0.1:5052', '10.0.0.1:5053');
    expect(follower.discovery.ageMs).toBe(0);
    expect(follower.tables).toHaveLength(2);
    expect(follower.reports).toEqual([expect.stringContaining('is away'), expect.stringContaining('answers again')]);
  });

  it('nothing is told where nothing is known, and all when it comes', async () => {
    await consul.kill();
    consul.register(instance('5052'));
    const follower = new Follower(target());
    await follower.hears('ECONNREFUSED');
    expect(follower.tables).toEqual([]);
    await consul.start();
    await follower.sees('10.0.0.1:5052');
  });

  const answers = (text: string, headers: Record<string, string> = { 'x-consul-index': '7' }, status = 200) => ({ status, headers, text });

  it.each([
    ['500', answers('boom', {}, 500), 'status 500, boom'],
    ['a redirect', answers('', { location: 'http://127.0.0.1:1/' }, 302), 'status 302'],
    ['what is no JSON', answers('<html>'), 'not JSON'],
    ['other JSON', answers('{}'), 'expected array'],
    ['no index', answers('[]', {}), 'no X-Consul-Index'],
    ['more than it should', answers(' '.repeat(17 * 1_048_576)), 'maxContentLength'],
  ])('the table stays: it answers %s', async (_, refusal, reason) => {
    consul.register(instance('5052'));
    const follower = new Follower(target('?wait-ms=20'));
    await follower.sees('10.0.0.1:5052');
    consul.refusal = refusal;
    await follower.hears(reason);
    consul.refusal = undefined;
    await follower.hears('answers again');
    expect(follower.tables).toHaveLength(1);
  });

  it.each([
    ['', 'No cluster leader'],
    ['&stale', 'Consul knows no leader'],
  ])('the table stays: it has no leader%s', async (parameter, reason) => {
    const follower = new Follower(target(`?wait-ms=20${parameter}`));
    await follower.sees();
    consul.leader = false;
    await follower.hears(reason);
    consul.leader = true;
    await follower.hears('answers again');
    expect(follower.tables).toHaveLength(1);
  });

  it('a registry that asks to be left alone is', async () => {
    consul.refusal = { status: 429, headers: { 'retry-after': '600' } };
    const follower = new Follower(target());
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      await follower.hears('status 429');
      await vi.advanceTimersByTimeAsync(29_000);
      expect(consul.seen).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('a query on which a machine fell silent is given up, and the table stays', async () => {
    consul.register(instance('5052'));
    const follower = new Follower(target('?wait-ms=20'));
    await follower.sees('10.0.0.1:5052');
    vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort());
    await follower.hears('no answer within');
    vi.restoreAllMocks();
    await follower.hears('answers again');
    expect(follower.tables).toHaveLength(1);
  });

  it('a listener and a log that throw end nothing', async () => {
    consul.register(instance('5052'));
    const told: number[] = [];
    const fail = () => {
      throw new Error('not my day');
    };
    const listener = (table: readonly unknown[]) => {
      told.push(table.length);
      fail();
    };
    const discovery = discover(target(), listener, { report: fail });
    closedAfterwards(() => discovery.close());
    await blocked();
    await consul.kill();
    consul.register(instance('5053'));
    await consul.start();
    await vi.waitFor(() => expect(told).toEqual([1, 2]), 5_000);
  });

  it('nothing more is asked or told once it is closed', async () => {
    consul.register(instance('5052'));
    const follower = new Follower(target());
    await blocked();
    follower.discovery.close();
    await vi.waitFor(() => expect(consul.blocked).toBe(0));
    consul.register(instance('5053'));
    expect(consul.seen).toHaveLength(2);
    expect(follower.tables).toHaveLength(1);
    expect(await renderMetrics()).not.toContain(target());
    expect(follower.reports).toEqual([]);
  });
});

describe('a target', () => {
  it.each([
    ['consul://agent:8500', 'must be consul://agent:8500/service'],
    ['consul:///rooms-service', 'must be consul://agent:8500/service'],
    ['consul://agent/a/b', 'must be consul://agent:8500/service'],
    ['consul://agent/a?colour=red', 'colour is none of its parameters'],
    ['consul://agent/a?wait-ms=soon', 'wait-ms that is no number'],
    ['consul://me:secret@agent/a', 'must not hold a password'],
    ['zookeeper://host/a', 'must begin with static:, dns:, consul:, eureka:, kubernetes:'],
    ['rooms-service', 'must begin with static:'],
  ])('%s is refused with the reason', (text, reason) => {
    expect(() => new Follower(text)).toThrow(reason);
    expect(() => new Follower(text)).not.toThrow('secret');
  });
});
