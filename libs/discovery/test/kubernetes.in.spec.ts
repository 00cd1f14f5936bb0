import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closedAfterwards } from './closing.js';
import { closeWhatIsOpen, Follower } from './follower.js';
import { KubernetesServer } from '@facet/registries';

let kubernetes: KubernetesServer;
beforeEach(async () => {
  kubernetes = await new KubernetesServer().start();
  closedAfterwards(() => kubernetes.kill());
});
afterEach(closeWhatIsOpen);

const target = (parameters = '') => `kubernetes://${kubernetes.host}/chat/rooms-service?tls=false${parameters}`;
const pods = (...addresses: string[]) => ({
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
});
const watched = () => vi.waitFor(() => expect(kubernetes.watching).toBe(1));
const lists = () => kubernetes.seen.filter((request) => !request.includes('watch=true'));
const watches = () => kubernetes.seen.filter((request) => request.includes('watch=true'));
const versionOf = (request = '') => new URL(request.slice(4), 'http://k').searchParams.get('resourceVersion');

describe('the table of a Kubernetes service', () => {
  it('has the ready endpoints of all its slices, each once, with their zones', async () => {
    kubernetes.apply('rooms-1', {
      endpoints: [
        { addresses: ['10.1.0.1', '10.9.9.9'], conditions: { ready: true }, zone: 'a' },
        { addresses: ['10.1.0.2'], conditions: { ready: false } },
        { addresses: ['10.1.0.3'], conditions: {} },
        { addresses: ['10.1.0.4'] },
      ],
    });
    kubernetes.apply('rooms-2', pods('10.1.0.3', '10.1.0.5'));
    kubernetes.apply('rooms-3', { ...pods('fd00::1'), addressType: 'IPv6' });
    kubernetes.apply('users-1', pods('10.2.0.1'), 'users-service');
    const follower = new Follower(target());
    await follower.sees('10.1.0.1:5052', '10.1.0.3:5052', '10.1.0.4:5052', '10.1.0.5:5052');
    expect(follower.tables[0]?.[0]).toEqual({ address: '10.1.0.1:5052', zone: 'a' });
    expect(follower.tables).toHaveLength(1);
  });

  it('follows who comes, gets ready and goes on one open watch', async () => {
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    const follower = new Follower(target());
    await watched();
    kubernetes.apply('rooms-2', { endpoints: [{ addresses: ['10.1.0.2'], conditions: { ready: false } }] });
    kubernetes.apply('rooms-2', pods('10.1.0.2'));
    await follower.sees('10.1.0.1:5052', '10.1.0.2:5052');
    kubernetes.apply('users-1', pods('10.2.0.1'), 'users-service');
    kubernetes.remove('rooms-1');
    await follower.sees('10.1.0.2:5052');
    kubernetes.apply('rooms-2', pods());
    await follower.sees();
    expect(follower.tables).toHaveLength(4);
    expect(lists()).toHaveLength(1);
    expect(watches()).toHaveLength(1);
  });

  it.each([
    ['&port=grpc', ['10.1.0.1:5052']],
    ['&port=9090', ['10.1.0.1:9090']],
    ['', []],
    ['&port=http', []],
  ])('is of the port that is meant: %j', async (parameter, table) => {
    kubernetes.apply('rooms-1', {
      ...pods('10.1.0.1'),
      ports: [
        { name: 'metrics', port: 9090 },
        { name: 'grpc', port: 5052 },
      ],
    });
    await new Follower(target(parameter)).sees(...table);
  });

  it('has the IPv6 addresses of a service that has no others', async () => {
    kubernetes.apply('rooms-1', { ...pods('fd00::1'), addressType: 'IPv6' });
    await new Follower(target()).sees('[fd00::1]:5052');
  });

  it('is listed in pages, and from the beginning where a page is gone', async () => {
    kubernetes.continueExpires = true;
    for (const n of [1, 2, 3, 4, 5]) kubernetes.apply(`rooms-${n}`, pods(`10.1.0.${n}`));
    const follower = new Follower(target());
    await follower.sees('10.1.0.1:5052', '10.1.0.2:5052', '10.1.0.3:5052', '10.1.0.4:5052', '10.1.0.5:5052');
    expect(lists().map((request) => request.includes('continue'))).toEqual([false, true, false, true, true]);
    expect(follower.tables).toHaveLength(1);
    expect(follower.reports).toEqual([]);
  });

  it('goes on where it was when a watch ends, bookmarks included', async () => {
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    const follower = new Follower(target());
    await watched();
    expect(watches()[0]).toContain('allowWatchBookmarks=true');
    kubernetes.elsewhere(true);
    kubernetes.compact();
    kubernetes.endWatches();
    await vi.waitFor(() => expect(watches()).toHaveLength(2));
    expect(watches().map(versionOf)).toEqual(['101', '1101']);
    await watched();
    kubernetes.apply('rooms-2', pods('10.1.0.2'));
    await follower.sees('10.1.0.1:5052', '10.1.0.2:5052');
    expect(lists()).toHaveLength(1);
    expect(follower.reports).toEqual([]);
  });

  it.each(['status', 'event'] as const)('is listed anew where the watch is 410 Gone, told as %s', async (goneAs) => {
    kubernetes.goneAs = goneAs;
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    kubernetes.apply('rooms-2', pods('10.1.0.2'));
    const follower = new Follower(target());
    await watched();
    kubernetes.elsewhere(false);
    kubernetes.compact();
    kubernetes.endWatches();
    await vi.waitFor(() => expect(kubernetes.watching).toBe(0));
    kubernetes.remove('rooms-1');
    await follower.sees('10.1.0.2:5052');
    expect(lists()).toHaveLength(2);
    await watched();
    kubernetes.remove('rooms-2');
    await follower.sees();
    expect(follower.reports).toEqual([]);
  });

  it('is watched with a token that is read anew', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'facet-')), 'token');
    await writeFile(file, 'first\n');
    kubernetes.token = 'first';
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    const follower = new Follower(target(`&token-file=${file}`));
    await watched();
    kubernetes.token = 'second';
    kubernetes.endWatches();
    await follower.hears('status 401');
    await writeFile(file, 'second');
    await follower.hears('answers again');
    expect(follower.tables).toHaveLength(1);
  });

  it('is told of kinds of events that nobody knows yet, and takes no notice', async () => {
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    const follower = new Follower(target());
    await watched();
    kubernetes.say('{"type":"TELEPATHY","object":{}}\n\n');
    kubernetes.apply('rooms-1', pods('10.1.0.2'));
    await follower.sees('10.1.0.2:5052');
    expect(watches()).toHaveLength(1);
  });
});

describe('while Kubernetes is away', () => {
  it('the last table stays in use and tells its age, and what was missed is told when it is back', async () => {
    const clock = { now: 0 };
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    const follower = new Follower(target(), { now: () => clock.now });
    await watched();
    await kubernetes.kill();
    clock.now = 60_000;
    await follower.hears('is away');
    expect(follower.discovery.ageMs).toBe(60_000);
    kubernetes.apply('rooms-1', pods('10.1.0.2'));
    await kubernetes.start();
    await follower.sees('10.1.0.2:5052');
    expect(follower.discovery.ageMs).toBe(0);
    expect(lists()).toHaveLength(1);
    expect(follower.tables).toHaveLength(2);
  });

  it('a watch on which a machine fell silent is given up, and the table stays', async () => {
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      const controller = new AbortController();
      if (ms > 5_000) silence = controller;
      return controller.signal;
    });
    let silence: AbortController | undefined;
    const follower = new Follower(target());
    await watched();
    await vi.waitFor(() => expect(follower.tables).toHaveLength(1));
    silence?.abort();
    await follower.hears('is away');
    vi.restoreAllMocks();
    await follower.hears('answers again');
    expect(follower.tables).toHaveLength(1);
  });

  it.each([
    ['a line that is no JSON', '{"type":"ADD\n', 'JSON'],
    ['a slice that is none', '{"type":"ADDED","object":{"metadata":{},"endpoints":7}}\n', 'endpoints'],
    ['another failure', '{"type":"ERROR","object":{"code":500,"message":"etcd is away"}}\n', '500 etcd is away'],
  ])('%s is a failure, and the table stays', async (_, line, reason) => {
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    const follower = new Follower(target());
    await watched();
    kubernetes.say(line);
    await follower.hears(reason);
    await follower.hears('answers again');
    await watched();
    expect(follower.tables).toHaveLength(1);
  });

  it('no watch stays open once it is closed', async () => {
    kubernetes.apply('rooms-1', pods('10.1.0.1'));
    const follower = new Follower(target());
    await watched();
    follower.discovery.close();
    await vi.waitFor(() => expect(kubernetes.watching).toBe(0));
    expect(follower.reports).toEqual([]);
  });
});
