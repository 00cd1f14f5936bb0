import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closedAfterwards } from './closing.js';
import { EurekaServer, type EurekaInstance } from '@facet/registries';
import { closeWhatIsOpen, Follower } from './follower.js';

let eureka: EurekaServer;
beforeEach(async () => {
  eureka = await new EurekaServer().start();
  closedAfterwards(() => eureka.kill());
});
afterEach(closeWhatIsOpen);

function instance(id: string, more: Partial<EurekaInstance> = {}): EurekaInstance {
  const port = { $: 5052, '@enabled': 'true' };
  return { instanceId: id, app: 'ROOMS-SERVICE', hostName: `${id}.example`, ipAddr: `10.0.0.${id}`, status: 'UP', port, ...more };
}

const target = (parameters = '') => `${eureka.url}/rooms-service?interval-ms=20${parameters}`;
const fulls = () => eureka.seen.filter((request) => request === 'GET /eureka/apps').length;
const deltas = () => eureka.seen.length - fulls();
const polls = async () => {
  const before = eureka.seen.length;
  await vi.waitFor(() => expect(eureka.seen.length).toBeGreaterThan(before + 2));
};

describe('the table of a Eureka application', () => {
  it.each([false, true])('has its instances that are UP with zone, weight and version; lists of one unwrapped: %s', async (unwraps) => {
    eureka.unwrapsSingles = unwraps;
    eureka.register(instance('1', { metadata: { zone: 'a', weight: '3', version: '1.4', '@class': 'java.util.Map' } }));
    eureka.register(instance('9', { app: 'USERS-SERVICE' }));
    if (!unwraps) eureka.register(instance('2', { status: 'STARTING' }));
    if (!unwraps)
      eureka.register(instance('3', { ipAddr: '', port: { $: 80, '@enabled': 'false' }, securePort: { $: 443, '@enabled': 'true' } }));
    const follower = new Follower(target());
    await follower.until(() => follower.tables.length > 0);
    expect(follower.tables[0]).toEqual([
      { address: '10.0.0.1:5052', zone: 'a', weight: 3, version: '1.4' },
      ...(unwraps ? [] : [{ address: '3.example:443' }]),
    ]);
  });

  it('follows who comes, goes, sleeps and wakes by changes alone', async () => {
    eureka.register(instance('1'));
    const follower = new Follower(target());
    await follower.sees('10.0.0.1:5052');
    eureka.register(instance('2'));
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    eureka.setStatus('ROOMS-SERVICE', '1', 'OUT_OF_SERVICE');
    await follower.sees('10.0.0.2:5052');
    eureka.setStatus('ROOMS-SERVICE', '1', 'UP');
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    eureka.cancel('ROOMS-SERVICE', '2');
    await follower.sees('10.0.0.1:5052');
    eureka.cancel('ROOMS-SERVICE', '1');
    await follower.sees();
    expect(fulls()).toBe(1);
  });

  it('is copied whole where the counts say that a change was missed, and followed by changes again', async () => {
    eureka.register(instance('1'));
    eureka.register(instance('8', { app: 'USERS-SERVICE' }));
    const follower = new Follower(target());
    await follower.sees('10.0.0.1:5052');
    eureka.register(instance('2'));
    eureka.cancel('USERS-SERVICE', '8');
    eureka.register(instance('9', { app: 'USERS-SERVICE', status: 'DOWN' }));
    eureka.forgetChanges();
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    await polls();
    expect(fulls()).toBe(2);
    eureka.cancel('ROOMS-SERVICE', '1');
    await follower.sees('10.0.0.2:5052');
    expect(fulls()).toBe(2);
  });

  it('is copied whole each time from a server that keeps its changes to itself', async () => {
    eureka.tellsChanges = false;
    eureka.register(instance('1'));
    const follower = new Follower(target());
    await follower.sees('10.0.0.1:5052');
    eureka.register(instance('2'));
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    expect(follower.reports).toEqual([]);
    expect(deltas()).toBeGreaterThan(0);
  });
});

describe('while Eureka is away', () => {
  it('the last table stays in use and tells its age, and is followed again when it is back', async () => {
    const clock = { now: 0 };
    eureka.register(instance('1'));
    const follower = new Follower(target(), { now: () => clock.now });
    await follower.sees('10.0.0.1:5052');
    await eureka.kill();
    await follower.hears('is away');
    clock.now = 60_000;
    expect(follower.discovery.ageMs).toBe(60_000);
    eureka.register(instance('2'));
    await eureka.start();
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    expect(follower.discovery.ageMs).toBe(0);
  });

  it('nobody is lost to a server that forgot: each is kept for a lease, unless the server says that he is gone', async () => {
    const clock = { now: 0 };
    for (const id of ['1', '2', '3']) eureka.register(instance(id));
    const follower = new Follower(target('&keep-ms=90000'), { now: () => clock.now });
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052', '10.0.0.3:5052');
    await eureka.kill();
    await follower.hears('is away');
    eureka.forget();
    await eureka.start();
    await follower.hears('answers again');
    await polls();
    eureka.register(instance('1'));
    eureka.register(instance('2'));
    await polls();
    expect(follower.tables).toHaveLength(1);
    eureka.cancel('ROOMS-SERVICE', '2');
    await follower.sees('10.0.0.1:5052', '10.0.0.3:5052');
    clock.now = 90_000;
    await follower.sees('10.0.0.1:5052');
  });

  it('an answer that is none is a failure, and the table stays', async () => {
    eureka.register(instance('1'));
    const follower = new Follower(target());
    await follower.sees('10.0.0.1:5052');
    eureka.register({ ...instance('2'), status: 7 as unknown as string });
    await follower.hears('is away');
    expect(follower.tables).toHaveLength(1);
  });
});
