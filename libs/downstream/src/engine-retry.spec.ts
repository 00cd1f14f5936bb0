import { Ending } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { GrpcStatus } from '@facet/errors';
import { beforeEach, describe, expect, it, vi } from 'vitest';
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
  roomsOf,
  serve,
  type HeldChannel,
} from '../test/held-channel.fixtures.js';

holdTime();
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
});

const unavailable = expect.objectContaining({ dependency: 'presence', reason: 'unavailable' });
const { UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, NOT_FOUND, UNAUTHENTICATED, CANCELLED, RESOURCE_EXHAUSTED } = GrpcStatus;

/** Fails all that is on the wire, again and again, until nothing is left to come. */
async function failAll(channel: HeldChannel, code?: number): Promise<void> {
  for (let rounds = 0; rounds < 50 && (channel.sent.length > 0 || vi.getTimerCount() > 0); rounds++) {
    for (const sent of channel.sent.splice(0)) refuse(sent, code);
    await pass(300);
  }
}

describe('a call that failed because the service was away', () => {
  it('is tried again, and its caller learns of the answer alone', async () => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    refuse(channel.take());
    await pass(10);
    serve(channel.take());
    await departed();
    expect([asked.value, channel.log.length]).toEqual([answerOf(1, 1), 2]);
  });

  it.each([
    [1, 1],
    [2, 2],
    [3, 3],
    [5, 5],
  ])('is tried %i times where so many are allowed, the first included', async (attempts, times) => {
    const { ask, channel } = presence({ policy: { retry: { attempts } } });
    const asked = ask(1);
    await departed();
    await failAll(channel);
    expect(asked.error).toEqual(unavailable);
    expect(channel.log).toHaveLength(times);
  });

  it('is tried three times where nothing is said', async () => {
    const { ask, channel } = presence();
    ask(1);
    await departed();
    await failAll(channel);
    expect(channel.log).toHaveLength(3);
  });

  it('that is a write is tried again where twice is as good as once, never where nobody knows', async () => {
    const idempotent = clientOf(PresenceService);
    outcomeOf(idempotent.client.setTyping({ roomId: '1' }, contextOf('1')));
    const unknown = clientOf(RoomsService, { dependency: 'rooms' });
    const created = outcomeOf(unknown.client.createRoom({ name: 'tea' }, contextOf('1')));
    await departed();
    await Promise.all([failAll(idempotent.channel), failAll(unknown.channel)]);
    expect([idempotent.channel.log.length, unknown.channel.log.length]).toEqual([3, 1]);
    expect(created.error).toMatchObject({ dependency: 'rooms', reason: 'unavailable' });
  });

  it('is tried as often where its batch had to be halved: a half is the same try', async () => {
    const { ask, channel } = presence({ policy: { retry: { attempts: 2 } } });
    const asked = [1, 2, 3, 4].map((room) => ask(room));
    await departed();
    while (channel.sent.some((sent) => roomsOf(sent).length > 1)) {
      for (const sent of channel.sent.splice(0)) refuse(sent, RESOURCE_EXHAUSTED);
      await departed();
    }
    for (const sent of channel.sent.splice(0)) refuse(sent);
    await pass(300);
    for (const sent of channel.sent.splice(0)) serve(sent);
    await departed();
    expect(asked.map(({ value }) => value)).toEqual([1, 2, 3, 4].map((room) => answerOf(1, room)));
  });

  it('is not sent again as half of a batch either, where nobody knows what twice does', async () => {
    const { countOnline } = PresenceService.methods;
    const unsure = { ...PresenceService, methods: { ...PresenceService.methods, countOnline: { ...countOnline, options: {} } } };
    const { client, channel } = clientOf(unsure);
    const asked = ['1', '2'].map((room) => outcomeOf(client.countOnline({ roomId: room }, contextOf('1'))));
    await departed();
    refuse(channel.take(), RESOURCE_EXHAUSTED);
    await pass(1_000);
    expect(channel.log).toHaveLength(1);
    for (const { error } of asked) expect(error).toMatchObject({ dependency: 'presence', status: 503 });
  });

  it('travels with the others that failed, and with those that came meanwhile', async () => {
    const { ask, channel } = presence({ policy: { batch: { outstanding: 1 } } });
    [1, 2, 3].forEach((room) => ask(room));
    await departed();
    refuse(channel.take());
    ask(0);
    await departed();
    await pass(10);
    ask(4);
    serve(channel.take());
    await departed();
    expect(roomsOf(channel.take())).toEqual(['1', '2', '3', '4']);
  });

  it('may be joined by an equal one of the same caller while it waits to be sent again', async () => {
    const { ask, channel } = presence({ policy: { batch: { outstanding: 1 } } });
    const first = ask(1);
    await departed();
    refuse(channel.take());
    const other = ask(0);
    await pass(10);
    void other;
    const second = ask(1);
    for (let landing = 0; landing < 2; landing++) {
      serve(channel.take());
      await departed();
    }
    expect([first.value, second.value]).toEqual([answerOf(1, 1), answerOf(1, 1)]);
  });
});

describe('which failures are worth another try:', () => {
  it.each([
    ['the service is away', UNAVAILABLE, 2],
    ['the service had no time left', DEADLINE_EXCEEDED, 2],
    ['the service gave the call up', CANCELLED, 2],
    ['the service broke', INTERNAL, 1],
    ['the service does not know us', UNAUTHENTICATED, 1],
    ['there is no such thing', NOT_FOUND, 1],
  ])('%s', async (_, code, times) => {
    for (const whole of [true, false]) {
      const { ask, channel } = presence({ policy: { retry: { attempts: 2 } } });
      [ask(1), ask(2)].forEach(({ promise }) => promise.catch(() => undefined));
      await departed();
      if (whole) refuse(channel.take(), code);
      else serve(channel.take(), () => code);
      await pass(300);
      expect(channel.log).toHaveLength(times);
    }
  });

  it('an answer that is none is not', async () => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    channel.take().answered(null, Buffer.from([0xff, 0xff]));
    await pass(300);
    expect(asked.error).toMatchObject({ reason: 'invalid' });
    expect(channel.log).toHaveLength(1);
  });

  it('an answer without a message is not', async () => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    channel.take().answered(null);
    await pass(300);
    expect(asked.error).toMatchObject({ reason: 'invalid' });
    expect(channel.log).toHaveLength(1);
  });

  it('one item of a batch is by itself', async () => {
    const { ask, channel } = presence();
    const asked = [1, 2, 3].map((room) => ask(room));
    await departed();
    serve(channel.take(), ({ room }) => (room === '2' ? UNAVAILABLE : room === '3' ? INTERNAL : answerOf(1, room)));
    await pass(10);
    expect(departures(channel)).toEqual([['1', '2', '3'], ['2']]);
    serve(channel.take());
    await departed();
    expect(asked.map(({ value, error }) => value ?? (error as { reason: string }).reason)).toEqual([
      answerOf(1, 1),
      answerOf(1, 2),
      'invalid',
    ]);
  });
});

describe('how long it waits before it tries again', () => {
  it.each([
    [0, 0, 0],
    [0.5, 10, 20],
    [0.999, 19, 39],
  ])('is by chance: at %d of the way to 20, then to 40 ms', async (chance, first, second) => {
    vi.spyOn(Math, 'random').mockReturnValue(chance);
    const { ask, channel } = presence();
    ask(1);
    await departed();
    for (const ms of [first, second]) {
      refuse(channel.take());
      if (ms > 0) {
        await pass(ms - 1);
        expect(channel.sent).toEqual([]);
      }
      await pass(2);
      expect(channel.sent).toHaveLength(1);
    }
  });

  it('is never more than the cap', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { ask, channel } = presence({ policy: { retry: { attempts: 5, baseMs: 20, capMs: 50 } } });
    ask(1);
    await departed();
    for (const ms of [20, 40, 50, 50]) {
      refuse(channel.take());
      await pass(ms - 1);
      expect(channel.sent).toEqual([]);
      await pass(2);
      expect(channel.sent).toHaveLength(1);
    }
  });

  it('is for nobody who would be over by then', async () => {
    const { ask, channel } = presence();
    const [late, inTime] = [ask(1, 1, { timeoutMs: 110 }), ask(2, 1, { timeoutMs: 111 })];
    await pass(100);
    refuse(channel.take());
    await departed();
    expect(late.error).toEqual(unavailable);
    await pass(10);
    expect(departures(channel)).toEqual([['1', '2'], ['2']]);
    serve(channel.take());
    await departed();
    expect(inTime.value).toEqual(answerOf(1, 2));
  });

  it('ends for each waiter at its own deadline', async () => {
    const { ask, channel } = presence();
    const [hasty, patient] = [ask(1, 1, { timeoutMs: 105 }), ask(1, 1, { timeoutMs: 500 })];
    await pass(100);
    refuse(channel.take());
    await pass(5);
    expect(hasty.error).toMatchObject({ reason: 'timeout' });
    await pass(5);
    serve(channel.take());
    await departed();
    expect(patient.value).toEqual(answerOf(1, 1));
  });
});

describe('what the service says about when', () => {
  it('is obeyed, however short our own wait would be', async () => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    refuse(channel.take(), UNAVAILABLE, 700);
    await pass(699);
    expect(channel.sent).toEqual([]);
    await pass(2);
    serve(channel.take());
    await departed();
    expect(asked.value).toEqual(answerOf(1, 1));
  });

  it('is obeyed, however long our own wait would be', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const { ask, channel } = presence();
    ask(1);
    await departed();
    refuse(channel.take(), UNAVAILABLE, 0);
    await pass(2);
    expect(channel.sent).toHaveLength(1);
  });

  it.each([['-1'], ['soon'], ['1e3'], ['']])('means never where it is %j', async (pushback) => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    refuse(channel.take(), UNAVAILABLE, pushback);
    await departed();
    expect(asked.error).toEqual(unavailable);
    await pass(5_000);
    expect(channel.log).toHaveLength(1);
  });

  it('means never where the caller has no time until then', async () => {
    const { ask, channel } = presence();
    const asked = ask(1, 1, { timeoutMs: 700 });
    await departed();
    refuse(channel.take(), UNAVAILABLE, 700);
    await departed();
    expect(asked.error).toMatchObject({ reason: 'unavailable', retryAfterSeconds: 1 });
    await pass(5_000);
    expect(channel.log).toHaveLength(1);
  });
});

describe('a caller that leaves while its call rests', () => {
  it('learns of it at once, and the call is not sent again', async () => {
    const { ask, channel, bulkhead } = presence();
    const ending = new Ending();
    const asked = ask(1, 1, { ending });
    await departed();
    refuse(channel.take());
    ending.end('bye');
    await departed();
    expect(asked.error).toMatchObject({ code: 'client-closed-request' });
    expect([bulkhead.waiting, bulkhead.rpcs]).toEqual([0, 0]);
    await pass(300);
    expect(channel.log).toHaveLength(1);
  });

  it('does not end the rest of the others', async () => {
    const { ask, channel } = presence();
    const ending = new Ending();
    ask(1, 1, { ending });
    const other = ask(2);
    await departed();
    refuse(channel.take());
    ending.end('bye');
    await pass(10);
    expect(roomsOf(channel.sent[0]!)).toEqual(['2']);
    serve(channel.take());
    await departed();
    expect(other.value).toEqual(answerOf(1, 2));
  });

  it('by its deadline gets a timeout, and the call is not sent again', async () => {
    const { ask, channel } = presence();
    const asked = ask(1, 1, { timeoutMs: 1_000 });
    await departed();
    vi.setSystemTime(Date.now() + 5);
    refuse(channel.take(), UNAVAILABLE, 990);
    vi.setSystemTime(Date.now() + 5);
    await pass(990);
    expect(asked.error).toMatchObject({ reason: 'timeout' });
    expect(channel.log).toHaveLength(1);
  });
});

describe('the budget for trying again', () => {
  const breaker = { minimumItems: 1_000_000 };
  const itemsOf = ({ log }: HeldChannel) => log.reduce((items, sent) => items + roomsOf(sent).length, 0);

  it.each([
    ['one by one', 1],
    ['in batches of ten', 10],
    ['in batches of a hundred', 100],
  ])('is spent with the first 100 calls, where all fail %s', async (_, together) => {
    const { ask, channel } = presence({ policy: { breaker } });
    const outcomes = [];
    let first = 0;
    for (let call = 0; call < 1_000; call += together) {
      if (call === 100) first = itemsOf(channel);
      for (let n = 0; n < together; n++) outcomes.push(ask(call + n));
      await departed();
      while (channel.sent.length > 0) refuse(channel.take());
      await pass(50);
    }
    await failAll(channel);
    expect(outcomes.every(({ error }) => error !== undefined)).toBe(true);
    expect(first).toBeLessThanOrEqual(300);
    expect(itemsOf(channel) - first).toBeLessThanOrEqual(900 * 1.1);
  });

  it('is one for all methods of a target', async () => {
    const { client, channel } = clientOf(PresenceService, { policy: { breaker } });
    for (let call = 0; call < 120; call++) {
      outcomeOf(client.setTyping({ roomId: '1' }, contextOf('1')));
      await departed();
      while (channel.sent.length > 0) refuse(channel.take());
      await pass(50);
    }
    await failAll(channel);
    channel.log.length = 0;
    outcomeOf(client.countOnline({ roomId: '1' }, contextOf('1')));
    await departed();
    await failAll(channel);
    expect(channel.log).toHaveLength(1);
  });

  it('is spent by late items as well, however short the deadlines are', async () => {
    const { ask, channel } = presence({ deadlineMs: 10_000, policy: { breaker } });
    for (let call = 0; call < 1_000; call += 100) {
      for (let n = 0; n < 100; n++) ask(call + n, 1, { timeoutMs: 1_000 });
      await departed();
      for (let tries = 0; tries < 4; tries++) {
        for (const sent of channel.sent.splice(0)) serve(sent, () => DEADLINE_EXCEEDED);
        await pass(50);
      }
    }
    expect(itemsOf(channel)).toBeLessThanOrEqual(1_100);
  });

  it('comes back with what succeeds, a tenth of a token each', async () => {
    const { ask, channel, budget } = presence({ policy: { breaker, retryBudget: { tokens: 100, ratio: 0.1 } } });
    for (let call = 0; call < 100; call++) ask(call);
    await departed();
    serve(channel.take(), () => UNAVAILABLE);
    await departed();
    expect(budget.allows).toBe(false);
    for (const answered of [500, 10]) {
      expect(budget.allows).toBe(false);
      for (let call = 0; call < answered; call++) ask(call);
      await departed();
      while (channel.sent.length > 0) serve(channel.take(), ({ room }) => (Number(room) % 2 ? NOT_FOUND : { count: 1 }));
      await departed();
    }
    expect(budget.allows).toBe(true);
  });

  it('is not spent by callers who leave', async () => {
    const { ask, channel, budget } = presence({ policy: { retryBudget: { tokens: 10 } } });
    const ending = new Ending();
    for (let call = 0; call < 100; call++) ask(call, 1, { ending });
    await departed();
    ending.end('bye');
    await departed();
    expect(budget.allows).toBe(true);
    expect(channel.sent[0]?.cancelled).toBe(true);
  });
});
