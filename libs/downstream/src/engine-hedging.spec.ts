import { Ending } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { GrpcStatus, ProblemError } from '@facet/errors';
import { describe, expect, it, vi } from 'vitest';
import {
  answerOf,
  clientOf,
  contextOf,
  departed,
  departures,
  holdTime,
  outcomeOf,
  pass,
  presence,
  refuse,
  serve,
} from '../test/held-channel.fixtures.js';

holdTime();

const hedged = { policy: { hedgeAfterMs: 50, retry: { attempts: 1 } } };

describe('a hedge', () => {
  it('is sent after so long without an answer, and not before', async () => {
    const { ask, channel, bulkhead } = presence(hedged);
    ask(1);
    await departed();
    await pass(49);
    expect(channel.log).toHaveLength(1);
    await pass(1);
    expect(channel.log).toHaveLength(2);
    expect(bulkhead.rpcs).toBe(2);
    const [first, second] = channel.log.map(({ path, bytes, headers, deadline }) => ({ path, bytes, headers, deadline }));
    expect(second).toEqual(first);
  });

  it('is sent once', async () => {
    const { ask, channel } = presence(hedged);
    ask(1);
    await pass(5_000);
    expect(channel.log).toHaveLength(2);
  });

  it('is sent of a whole batch', async () => {
    const { ask, channel } = presence(hedged);
    const asked = [1, 2].map((room) => ask(room));
    await pass(60);
    expect(departures(channel)).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    serve(channel.sent[1]!);
    await departed();
    expect(asked.map(({ value }) => value)).toEqual([answerOf(1, 1), answerOf(1, 2)]);
  });

  it('tells the service of the time that is left then', async () => {
    const { ask, channel } = presence(hedged);
    ask(1, 1, { timeoutMs: 100 });
    ask(2, 1, { timeoutMs: 150 });
    await pass(50);
    expect(channel.log.map(({ headers }) => headers.answerWithinMs)).toEqual([95, 47.5]);
  });

  it('is never sent where nobody asked for it', async () => {
    const { ask, channel } = presence();
    ask(1);
    await pass(50_000);
    expect(channel.log).toHaveLength(1);
  });

  it('is a matter of the method', async () => {
    const { client, channel } = clientOf(PresenceService, { policy: { methods: { setTyping: { hedgeAfterMs: 50 } } } });
    outcomeOf(client.setTyping({ roomId: '1' }, contextOf('1')));
    outcomeOf(client.countOnline({ roomId: '1' }, contextOf('1')));
    await pass(100);
    expect(channel.log.map(({ path }) => path.split('/').at(-1))).toEqual(['SetTyping', 'CountOnline', 'SetTyping']);
  });

  it('is never sent of what may be done twice then', async () => {
    const { client, channel } = clientOf(RoomsService, hedged);
    outcomeOf(client.createRoom({ name: 'tea' }, contextOf('1')));
    await pass(5_000);
    expect(channel.log).toHaveLength(1);
  });

  it.each([
    ['has its answer', (world: ReturnType<typeof presence>) => serve(world.channel.take())],
    ['has failed', (world: ReturnType<typeof presence>) => refuse(world.channel.take())],
  ])('is not sent of what %s', async (_, end) => {
    const world = presence(hedged);
    world.ask(1);
    await departed();
    await pass(40);
    end(world);
    await pass(1_000);
    expect(world.channel.log).toHaveLength(1);
    expect([world.bulkhead.rpcs, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('is not sent where nobody waits any more', async () => {
    const { ask, channel, bulkhead } = presence(hedged);
    const ending = new Ending();
    ask(1, 1, { ending });
    ask(2, 1, { timeoutMs: 40 });
    await pass(45);
    ending.end('bye');
    await pass(1_000);
    expect(channel.log).toHaveLength(2);
    expect([bulkhead.rpcs, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('is not sent after the deadline of who waits, however late its timer rings', async () => {
    const { ask, channel } = presence({ policy: { hedgeAfterMs: 100 } });
    const asked = ask(1, 1, { timeoutMs: 110 });
    await departed();
    vi.setSystemTime(Date.now() + 20);
    await pass(100);
    expect(asked.error).toMatchObject({ reason: 'timeout' });
    expect(channel.log).toHaveLength(1);
  });
});

describe('of a call and its hedge', () => {
  it.each([
    ['the first', 0],
    ['the hedge', 1],
  ])('%s that is answered wins, and the other is cancelled', async (_, winner) => {
    const { ask, channel, bulkhead } = presence(hedged);
    const asked = ask(1);
    await pass(50);
    const [first, second] = channel.log;
    serve([first!, second!][winner]!, () => ({ count: 7 }));
    await departed();
    expect(asked.value).toEqual({ count: 7 });
    expect([first, second][1 - winner]?.cancelled).toBe(true);
    expect([bulkhead.rpcs, bulkhead.waiting, vi.getTimerCount()]).toEqual([0, 0, 0]);
    refuse([first!, second!][1 - winner]!, GrpcStatus.CANCELLED);
    await departed();
    expect([bulkhead.rpcs, bulkhead.waiting]).toEqual([0, 0]);
  });

  it.each([
    ['the first', 0],
    ['the hedge', 1],
  ])('%s may fail, and the other is waited for', async (_, loser) => {
    const { UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED } = GrpcStatus;
    for (const code of [UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED]) {
      const { ask, channel, bulkhead } = presence(hedged);
      const asked = ask(1);
      await pass(50);
      refuse(channel.log[loser]!, code);
      await departed();
      expect([asked.error, bulkhead.rpcs]).toEqual([undefined, 2]);
      serve(channel.log[1 - loser]!);
      await departed();
      expect([asked.value, bulkhead.rpcs]).toEqual([answerOf(1, 1), 0]);
    }
  });

  it.each([
    ['the first', 0],
    ['the hedge', 1],
  ])('%s that is refused for good is the answer, and the other is cancelled', async (_, refused) => {
    for (const code of [GrpcStatus.NOT_FOUND, GrpcStatus.PERMISSION_DENIED, GrpcStatus.INTERNAL]) {
      const { ask, channel, bulkhead } = presence(hedged);
      const asked = ask(1);
      await pass(50);
      refuse(channel.log[refused]!, code);
      await departed();
      expect(asked.error).toBeInstanceOf(ProblemError);
      expect([channel.log[1 - refused]?.cancelled, bulkhead.rpcs, bulkhead.waiting]).toEqual([true, 0, 0]);
    }
  });

  it('neither has to answer: both may fail, once', async () => {
    const { ask, channel, bulkhead } = presence(hedged);
    const asked = ask(1);
    await pass(50);
    refuse(channel.log[0]!);
    refuse(channel.log[1]!);
    await departed();
    expect(asked.error).toMatchObject({ reason: 'unavailable' });
    expect([bulkhead.rpcs, bulkhead.waiting]).toEqual([0, 0]);
  });

  it('both are cancelled when nobody waits any more', async () => {
    const { ask, channel, bulkhead } = presence(hedged);
    const ending = new Ending();
    ask(1, 1, { ending });
    await pass(50);
    ending.end('bye');
    expect(channel.log.map(({ cancelled }) => cancelled)).toEqual([true, true]);
    expect([bulkhead.rpcs, bulkhead.waiting, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });
});

describe('the budget of retries', () => {
  it('pays for hedges, a token for each call', async () => {
    const { ask, channel, budget } = presence({ policy: { hedgeAfterMs: 50, retryBudget: { tokens: 4, ratio: 0.001 } } });
    [1, 2].forEach((room) => ask(room));
    await pass(50);
    expect(channel.log).toHaveLength(2);
    expect(budget.allows).toBe(false);
    ask(3);
    await pass(1_000);
    expect(channel.log).toHaveLength(3);
  });
});

describe('the wire', () => {
  it('has to have room for a hedge, which is not missed', async () => {
    const { ask, channel, bulkhead, budget } = presence({
      policy: { hedgeAfterMs: 50, bulkhead: { rpcs: 1 }, retryBudget: { tokens: 1, ratio: 0.001 } },
    });
    const asked = ask(1);
    await pass(100);
    expect([channel.log.length, bulkhead.rpcs, budget.allows]).toEqual([1, 1, true]);
    serve(channel.take());
    await departed();
    expect([asked.value, bulkhead.rpcs]).toEqual([answerOf(1, 1), 0]);
  });
});
