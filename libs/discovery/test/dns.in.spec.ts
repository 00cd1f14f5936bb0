import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closedAfterwards } from './closing.js';
import { DnsServer } from '@facet/registries';
import { closeWhatIsOpen, Follower } from './follower.js';

let dns: DnsServer;
beforeEach(async () => {
  dns = await new DnsServer().start();
  closedAfterwards(() => dns.stop());
});
afterEach(closeWhatIsOpen);

const target = (name: string) => `dns://${dns.host}/${name}?interval-ms=20`;
const rooms = () => target('rooms.example:5052');
const service = () => target('_grpc._tcp.rooms.example');
const asksAgain = async () => {
  const before = dns.asked.length;
  await vi.waitFor(() => expect(dns.asked.length).toBeGreaterThan(before), 5_000);
};

describe('the table of a name', () => {
  it('has its addresses, and follows them by itself whatever their TTL says', async () => {
    dns.addresses('rooms.example', '10.0.0.2', '10.0.0.1', 'fd00::1');
    const follower = new Follower(rooms());
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    dns.addresses('rooms.example', '10.0.0.2', '10.0.0.3');
    await follower.sees('10.0.0.2:5052', '10.0.0.3:5052');
    expect(dns.asked).not.toContain('AAAA rooms.example');
  });

  it('has IPv6 addresses where there are no others', async () => {
    dns.addresses('rooms.example', 'fd00::1');
    await new Follower(rooms()).sees('[fd00::1]:5052');
  });

  it('is empty where the name does not exist or has no address', async () => {
    const follower = new Follower(rooms());
    await follower.sees();
    dns.addresses('rooms.example', '10.0.0.1');
    await follower.sees('10.0.0.1:5052');
    dns.addresses('rooms.example');
    await follower.sees();
    expect(follower.reports).toEqual([]);
  });

  it('stays in use and tells its age while the name server is away', async () => {
    const clock = { now: 0 };
    dns.addresses('rooms.example', '10.0.0.1');
    const follower = new Follower(rooms(), { now: () => clock.now });
    await follower.sees('10.0.0.1:5052');
    dns.says('A', 'rooms.example', 'SERVFAIL');
    await follower.hears('ESERVFAIL');
    clock.now = 60_000;
    await asksAgain();
    expect(follower.discovery.ageMs).toBe(60_000);
    dns.addresses('rooms.example', '10.0.0.1', '10.0.0.2');
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    expect(follower.discovery.ageMs).toBe(0);
    expect(follower.tables).toHaveLength(2);
  });

  it('is not waited for without end where the name server says nothing', async () => {
    dns.addresses('rooms.example', '10.0.0.1');
    const follower = new Follower(rooms());
    await follower.sees('10.0.0.1:5052');
    dns.says('A', 'rooms.example', 'silence');
    await follower.hears('is away');
    dns.addresses('rooms.example', '10.0.0.2');
    await follower.sees('10.0.0.2:5052');
  });

  it('nothing more is asked or told once it is closed', async () => {
    dns.says('A', 'rooms.example', 'silence');
    const follower = new Follower(rooms());
    await vi.waitFor(() => expect(dns.asked).toHaveLength(1));
    follower.discovery.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(follower.reports).toEqual([]);
    expect(follower.tables).toEqual([]);
  });
});

describe('the table of a service', () => {
  it('has the targets of the best priority with their ports and weights', async () => {
    dns.addresses('one.example', '10.0.0.1');
    dns.addresses('two.example', '10.0.0.2', '10.0.0.3');
    dns.addresses('spare.example', '10.0.0.9');
    dns.service(
      '_grpc._tcp.rooms.example',
      { weight: 10, port: 5052, target: 'one.example' },
      { weight: 30, port: 6052, target: 'two.example' },
      { weight: 0, port: 7052, target: 'two.example' },
      { priority: 1, port: 5052, target: 'spare.example' },
    );
    const follower = new Follower(service());
    await follower.until(() => follower.tables.length > 0);
    expect(follower.tables[0]).toEqual([
      { address: '10.0.0.1:5052', weight: 10 },
      { address: '10.0.0.2:6052', weight: 30 },
      { address: '10.0.0.2:7052' },
      { address: '10.0.0.3:6052', weight: 30 },
      { address: '10.0.0.3:7052' },
    ]);
    dns.service('_grpc._tcp.rooms.example', { port: 5052, target: 'spare.example' });
    await follower.sees('10.0.0.9:5052');
  });

  it('is empty where there is no such service, by absence or by a target of a dot', async () => {
    const follower = new Follower(service());
    await follower.sees();
    dns.addresses('one.example', '10.0.0.1');
    dns.service('_grpc._tcp.rooms.example', { port: 5052, target: 'one.example' });
    await follower.sees('10.0.0.1:5052');
    dns.service('_grpc._tcp.rooms.example', { port: 0, target: '.' });
    await follower.sees();
    expect(follower.reports).toEqual([]);
  });

  it('keeps the last addresses of a target that cannot be resolved, and all where none can', async () => {
    dns.addresses('one.example', '10.0.0.1');
    dns.addresses('two.example', '10.0.0.2');
    dns.service('_grpc._tcp.rooms.example', { port: 5052, target: 'one.example' }, { port: 5052, target: 'two.example' });
    const follower = new Follower(service());
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    dns.says('A', 'one.example', 'SERVFAIL');
    dns.addresses('two.example', '10.0.0.3');
    await follower.sees('10.0.0.1:5052', '10.0.0.3:5052');
    dns.says('A', 'two.example', 'SERVFAIL');
    await follower.hears('is away');
    expect(follower.tables).toHaveLength(2);
  });
});

describe('a target', () => {
  it.each([
    ['dns:rooms.example', 'must be dns:host:port'],
    ['dns:rooms.example:0', 'must be dns:host:port'],
    ['dns:rooms.example:5052?often', 'must be dns:host:port'],
    ['dns:_grpc._tcp.rooms.example:5052', 'must be dns:host:port'],
    ['dns:10.0.0.1:5052', 'use static:'],
  ])('%s is refused with the reason', (text, reason) => expect(() => new Follower(text)).toThrow(reason));
});
