import { InternalTokenMinter } from '@facet/auth';
import { Fleet, type BalancingPolicy } from '@facet/balancing';
import { SetTypingResponse } from '@facet/contracts/presence';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Bulkhead } from '../src/bulkhead.js';
import { openChannel } from '../src/channel.js';
import { createClient } from '../src/client.js';
import { LastGood } from '../src/last-good.js';
import { RetryBudget } from '../src/retry-budget.js';
import { Roster } from '../src/roster.js';
import { Behaviour, clientOf, contextOf, rootKey, roomNumber, startTiny } from './tiny-service.js';

const opened: { close?(): void; stop?(): Promise<void> }[] = [];
const keep = <T extends (typeof opened)[number]>(thing: T): T => (opened.push(thing), thing);
afterEach(async () => {
  for (const { close, stop } of opened.splice(0)) {
    close?.();
    await stop?.();
  }
});

type Tiny = Awaited<ReturnType<typeof startTiny>>;

/** An instance that counts the calls that it got. */
async function startCounting(): Promise<Tiny & { readonly calls: { count: number } }> {
  const calls = { count: 0 };
  const behaviour = new Behaviour();
  behaviour.type = async () => {
    calls.count++;
    return SetTypingResponse.create();
  };
  behaviour.count = async (items) => {
    calls.count += items.length;
    return items.map(() => ({ count: 1 }));
  };
  return { ...keep(await startTiny(behaviour)), calls };
}

const addressOf = ({ port }: Pick<Tiny, 'port'>) => `127.0.0.1:${port}`;
const targetOf = (...instances: Tiny[]) => `static:${instances.map(addressOf).join(',')}`;

/** A client over a table that the test writes. */
function fleetOf(policy: BalancingPolicy = 'round_robin', hashOn: 'caller' | 'request.roomId' = 'caller', zone?: string) {
  const roster = new Roster(new Fleet({ policy, zone }));
  const channel = keep(openChannel(roster));
  const primary = { target: 'test', roster, channel, budget: new RetryBudget({ tokens: 200, ratio: 0.1 }), bulkhead: new Bulkhead() };
  const minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey });
  const remote = { service: PresenceService, kind: 'grpc' as const, dependency: 'presence', audience: 'presence-service', primary, minter };
  const client = createClient({ ...remote, deadlineMs: 5_000, reserveMs: 0, policy: { balance: { policy, hashOn } } }, new LastGood());
  return { client, roster, table: (...instances: Tiny[]) => roster.update(instances.map((each) => ({ address: addressOf(each) }))) };
}

const room = { roomId: roomNumber(1) };
const settled = (outcomes: readonly PromiseSettledResult<unknown>[]) => outcomes.filter(({ status }) => status === 'rejected');

describe('a fleet of real instances', () => {
  it('shares the calls in turns', async () => {
    const instances = [await startCounting(), await startCounting(), await startCounting()];
    const { presence } = keep(clientOf(targetOf(...instances), { policy: { balance: { policy: 'round_robin', slowStart: { ms: 0 } } } }));
    await presence.setTyping(room, contextOf());
    await vi.waitFor(async () => {
      await presence.setTyping(room, contextOf());
      expect(instances.every(({ calls }) => calls.count > 0)).toBe(true);
    }, 10_000);
    const before = instances.map(({ calls }) => calls.count);
    for (let call = 0; call < 30; call++) await presence.setTyping(room, contextOf());
    expect(instances.map(({ calls }, at) => calls.count - before[at]!)).toEqual([10, 10, 10]);
  });

  it.each([
    ['weighted_round_robin', [{ weight: 3 }, { weight: 2 }, { weight: 1 }], [60, 40, 20]],
    ['nearest', [{ zone: 'a' }, { zone: 'a' }, { zone: 'b' }], [60, 60, 0]],
  ] as const)('shares the calls by %s within 5 %% of the ideal', async (policy, places, ideal) => {
    const instances = [await startCounting(), await startCounting(), await startCounting()];
    const { client, roster } = fleetOf(policy, 'caller', 'a');
    roster.update(instances.map((each, at) => ({ address: addressOf(each), ...places[at]! })));
    await client.setTyping(room, contextOf());
    await vi.waitFor(() => expect(roster.fleet.members.every(({ reachable }) => reachable)).toBe(true), 10_000);
    const before = instances.map(({ calls }) => calls.count);
    for (let call = 0; call < 120; call++) await client.setTyping(room, contextOf());
    instances.forEach(({ calls }, at) => expect(Math.abs(calls.count - before[at]! - ideal[at]!)).toBeLessThanOrEqual(6));
  });

  it('gives an instance that comes its calls, and takes none from one that goes with calls under way', async () => {
    const [first, second] = [await startCounting(), await startCounting()];
    const { client, table } = fleetOf();
    table(first);
    const under = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    first.behaviour.type = async () => {
      entered.resolve();
      await under.promise;
      return SetTypingResponse.create();
    };
    const slow = client.setTyping(room, contextOf());
    await entered.promise;
    table(second);
    await client.countOnline(room, contextOf());
    expect(second.calls.count).toBe(1);
    under.resolve();
    await expect(slow).resolves.toEqual({});
  });

  it('fails no read when an instance is killed under load', async () => {
    const instances = [await startCounting(), await startCounting(), await startCounting()];
    const { presence } = keep(clientOf(targetOf(...instances)));
    const asked: Promise<unknown>[] = [];
    for (let turn = 0; turn < 60; turn++) {
      for (let each = 0; each < 5; each++) asked.push(presence.countOnline({ roomId: roomNumber(turn * 5 + each) }, contextOf()));
      if (turn === 20) void instances[0]!.app.close();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(settled(await Promise.allSettled(asked))).toEqual([]);
  });

  it('moves to another connection when one has lasted long enough, and no call notices', async () => {
    const service = keep(await startTiny(new Behaviour(), 0, 50));
    const { client, table, roster } = fleetOf();
    let connections = 0;
    roster.onConnection((_, stands) => (connections += Number(stands)));
    table(service);
    const asked: Promise<unknown>[] = [];
    while (connections < 3) {
      asked.push(client.countOnline(room, contextOf()));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(settled(await Promise.allSettled(asked))).toEqual([]);
  });

  it('spares an instance that says that it does not serve', async () => {
    const [well, ill] = [await startCounting(), await startCounting()];
    const { client, table, roster } = fleetOf();
    table(well, ill);
    await client.setTyping(room, contextOf());
    await vi.waitFor(() => expect(roster.fleet.members.every(({ reachable }) => reachable)).toBe(true), 10_000);
    const member = roster.fleet.members.find(({ address }) => address === addressOf(ill))!;
    await vi.waitFor(() => expect(member.serving).toBe(true), 10_000);
    await ill.stop();
    await vi.waitFor(() => expect(member.serving && member.reachable).toBe(false), 10_000);
    const before = well.calls.count;
    for (let call = 0; call < 10; call++) await client.setTyping(room, contextOf());
    expect(well.calls.count - before).toBe(10);
  });

  it('sends calls of one room to one instance, in batches too', async () => {
    const instances = [await startCounting(), await startCounting(), await startCounting()];
    const seen = new Map<string, Set<number>>();
    instances.forEach(({ behaviour }, at) => {
      behaviour.count = async (items) =>
        items.map(({ request }) => {
          seen.set(request.roomId, (seen.get(request.roomId) ?? new Set()).add(at));
          return { count: 1 };
        });
    });
    const { client, table, roster } = fleetOf('ip_hash', 'request.roomId');
    table(...instances);
    await client.countOnline(room, contextOf());
    await vi.waitFor(() => expect(roster.fleet.members.every(({ reachable }) => reachable)).toBe(true), 10_000);
    seen.clear();
    const rooms = Array.from({ length: 60 }, (_, at) => roomNumber(at));
    for (let round = 0; round < 5; round++) await Promise.all(rooms.map((roomId) => client.countOnline({ roomId }, contextOf())));
    expect(new Set([...seen.values()].flatMap((each) => [...each]))).toEqual(new Set([0, 1, 2]));
    expect([...seen.values()].filter((each) => each.size === 1).length).toBeGreaterThan(50);
  });

  it('lets calls wait while nobody has said yet who there is, and fails them at once where there is nobody', async () => {
    const service = await startCounting();
    const { client, table } = fleetOf();
    const waiting = client.setTyping(room, contextOf());
    table(service);
    await expect(waiting).resolves.toEqual({});
    table();
    await expect(client.setTyping(room, contextOf())).rejects.toMatchObject({ dependency: 'presence', reason: 'unavailable' });
  });
});

describe('a backup', () => {
  it('takes over when all instances of the target are gone, and hands back when they are there again', async () => {
    const target = await startCounting();
    const backup = await startCounting();
    const { presence } = keep(clientOf(targetOf(target), { backupTarget: targetOf(backup) }));
    await presence.countOnline(room, contextOf());
    expect([target.calls.count, backup.calls.count]).toEqual([1, 0]);
    await target.stop();
    await expect(presence.countOnline(room, contextOf())).resolves.toEqual({ count: 1 });
    expect(backup.calls.count).toBe(1);
    const back = keep(await startTiny(target.behaviour, target.port));
    await vi.waitFor(
      async () => {
        await presence.countOnline(room, contextOf());
        expect(target.calls.count).toBeGreaterThan(1);
      },
      { timeout: 10_000, interval: 10 },
    );
    await back.stop();
    await expect(presence.countOnline(room, contextOf())).resolves.toEqual({ count: 1 });
  });

  it('takes over where the registry of the target says nothing from the beginning', async () => {
    const backup = await startCounting();
    const { presence } = keep(clientOf('consul://127.0.0.1:1/presence', { backupTarget: targetOf(backup) }));
    await expect(presence.countOnline(room, contextOf())).resolves.toEqual({ count: 1 });
    expect(backup.calls.count).toBe(1);
  });
});
