import { Ending } from '@facet/context';
import { ItemError } from '@facet/contracts';
import type { CountOnlineResponse, CountOnlineResult } from '@facet/contracts/presence';
import { GrpcStatus } from '@facet/errors';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  answerOf,
  batchOf,
  departed,
  departures,
  holdTime,
  pass,
  presence,
  refuse,
  roomsOf,
  serve,
  type HeldChannel,
  type Sent,
} from '../test/held-channel.fixtures.js';

holdTime();

const { RESOURCE_EXHAUSTED, INVALID_ARGUMENT, UNAVAILABLE, INTERNAL } = GrpcStatus;

/** A service that refuses each batch in which one of these rooms is; alone, it refuses the room. */
async function serveBut(channel: HeldChannel, bad: readonly (number | string)[], code: number): Promise<void> {
  const isBad = (sent: Sent) => roomsOf(sent).some((room) => bad.map(String).includes(room));
  while (channel.sent.length > 0) {
    const sent = channel.take();
    if (isBad(sent)) refuse(sent, code);
    else serve(sent);
    await departed();
  }
}
const resultOf = (value: ItemError | CountOnlineResponse): CountOnlineResult => ({
  result: 'count' in value ? { $case: 'response', value } : { $case: 'error', value },
});
const reasonOf = (error: unknown) => (error as { reason?: string; code: string }).reason ?? (error as { code: string }).code;

const shed = expect.objectContaining({ dependency: 'presence', reason: 'shed', status: 503 });

describe.each([
  ['its size', RESOURCE_EXHAUSTED, shed],
  ['one bad item', INVALID_ARGUMENT, expect.objectContaining({ code: 'invalid-request' })],
])('a batch that is refused for %s', (_, code, alone) => {
  it('is halved until the one to blame is alone, and the neighbours are answered', async () => {
    const { ask, channel, bulkhead } = presence();
    const asked = Array.from({ length: 8 }, (_item, room) => ask(room));
    await departed();
    await serveBut(channel, [5], code);
    expect(asked.map(({ value, error }) => value ?? error)).toEqual(asked.map((_item, room) => (room === 5 ? alone : answerOf(1, room))));
    expect(departures(channel)).toEqual([
      ['0', '1', '2', '3', '4', '5', '6', '7'],
      ['0', '1', '2', '3'],
      ['4', '5', '6', '7'],
      ['4', '5'],
      ['6', '7'],
      ['4'],
      ['5'],
    ]);
    expect([bulkhead.rpcs, bulkhead.waiting, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  it('of n items costs at most 2 log2 n + 1 RPCs for the one that is bad', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 500 }), fc.nat(499), async (items, at) => {
        const bad = at % items;
        const { ask, channel } = presence();
        const asked = Array.from({ length: items }, (_item, room) => ask(room));
        await departed();
        await serveBut(channel, [bad], code);
        expect(channel.log.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(items)) + 1);
        expect(asked.filter(({ value }) => value !== undefined)).toHaveLength(items - 1);
        expect(asked[bad]?.error).toEqual(alone);
      }),
      { numRuns: 30 },
    );
  });

  it('of one is refused for good', async () => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    refuse(channel.take(), code);
    await pass(500);
    expect([asked.error, channel.log.length]).toEqual([alone, 1]);
  });

  it('is halved as often as need be, however often that was', async () => {
    const { ask, channel } = presence();
    for (let round = 0; round < 100; round++) {
      const asked = Array.from({ length: 6 }, (_item, room) => ask(room));
      await departed();
      await serveBut(channel, [round % 6], code);
      expect(asked.filter(({ value }) => value !== undefined)).toHaveLength(5);
    }
  });

  it('without a single good item costs a service that refuses everything little more than the calls themselves', async () => {
    const { ask, channel } = presence({ policy: { breaker: { minimumItems: 1_000_000 } } });
    const asked = [];
    for (let round = 0; round < 10; round++) {
      for (let room = 0; room < 500; room++) asked.push(ask(room));
      await departed();
      while (channel.sent.length > 0) {
        for (const sent of channel.sent.splice(0)) refuse(sent, code);
        await departed();
      }
    }
    expect(asked.filter(({ error }) => error !== undefined)).toHaveLength(5_000);
    expect(channel.log.length).toBeLessThanOrEqual(10 + 2 * 50);
  });

  it('is refused as no fault of who asked, where it is halved no more', async () => {
    const { ask, channel } = presence();
    const asked = Array.from({ length: 500 }, (_item, room) => ask(room));
    await departed();
    while (channel.sent.length > 0) {
      for (const sent of channel.sent.splice(0)) refuse(sent, code);
      await departed();
    }
    for (const { error } of asked) expect(error).toMatchObject({ dependency: 'presence' });
  });

  it('is not halved for those who left meanwhile', async () => {
    const { ask, channel } = presence();
    const ending = new Ending();
    const asked = Array.from({ length: 6 }, (_item, room) => ask(room, 1, room < 4 ? { ending } : {}));
    await departed();
    ending.end('bye');
    refuse(channel.take(), code);
    await departed();
    expect(departures(channel).slice(1)).toEqual([['4'], ['5']]);
    await serveBut(channel, [], code);
    expect(asked[5]?.value).toEqual(answerOf(1, 5));
  });

  it('is not halved for those whose time is over', async () => {
    const { ask, channel } = presence();
    [0, 1, 2, 3].forEach((room) => ask(room, 1, { timeoutMs: room < 3 ? 100 : 150 }));
    await departed();
    vi.setSystemTime(Date.now() + 120);
    refuse(channel.take(), code);
    await departed();
    expect(departures(channel).slice(1)).toEqual([['3']]);
  });

  it('leaves its slot to its halves', async () => {
    const { ask, channel } = presence({ policy: { batch: { outstanding: 1 } } });
    [0, 1].forEach((room) => ask(room));
    await departed();
    ask(2);
    refuse(channel.take(), code);
    await departed();
    expect(departures(channel)).toEqual([['0', '1'], ['0'], ['1']]);
    serve(channel.take());
    await departed();
    expect(channel.log).toHaveLength(3);
    serve(channel.take());
    await departed();
    expect(departures(channel).at(-1)).toEqual(['2']);
  });

  it('is answered as far as there is room on the wire for its halves', async () => {
    const { ask, channel, bulkhead } = presence({ policy: { bulkhead: { rpcs: 1 } } });
    const asked = [0, 1].map((room) => ask(room));
    await departed();
    refuse(channel.take(), code);
    await departed();
    serve(channel.take());
    await departed();
    expect(asked.map(({ value, error }) => value ?? reasonOf(error))).toEqual([answerOf(1, 0), 'shed']);
    expect([bulkhead.rpcs, bulkhead.waiting]).toEqual([0, 0]);
  });

  it('says nothing to the breaker but what its halves do', async () => {
    const { ask, channel } = presence({ policy: { breaker: { minimumItems: 3, failureRatio: 0.5 }, retry: { attempts: 1 } } });
    [0, 1, 2, 3].forEach((room) => ask(room));
    await departed();
    await serveBut(channel, [0], code);
    const after = ask(9);
    await departed();
    serve(channel.take());
    await departed();
    expect(after.value).toEqual(answerOf(1, 9));
  });
});

describe('what is no such refusal:', () => {
  it('RESOURCE_EXHAUSTED with a word about when to return: the service is overloaded', async () => {
    const { ask, channel } = presence();
    const asked = [0, 1].map((room) => ask(room));
    await departed();
    refuse(channel.take(), RESOURCE_EXHAUSTED, 500);
    await departed();
    expect(channel.log).toHaveLength(1);
    await pass(500);
    expect(departures(channel)).toEqual([
      ['0', '1'],
      ['0', '1'],
    ]);
    refuse(channel.take(), RESOURCE_EXHAUSTED, -1);
    await pass(10_000);
    expect(asked.map(({ error }) => error)).toEqual([shed, shed]);
    expect(channel.log).toHaveLength(2);
  });

  it.each([UNAVAILABLE, INTERNAL])('status %i', async (code) => {
    const { ask, channel } = presence({ policy: { retry: { attempts: 1 } } });
    [0, 1].forEach((room) => ask(room));
    await departed();
    refuse(channel.take(), code);
    await pass(1_000);
    expect(channel.log).toHaveLength(1);
  });

  it('an item of its own', async () => {
    const { ask, channel } = presence();
    const asked = [0, 1].map((room) => ask(room));
    await departed();
    serve(channel.take(), ({ room }) => (room === '0' ? INVALID_ARGUMENT : answerOf(1, room)));
    await departed();
    expect(asked.map(({ value, error }) => value ?? reasonOf(error))).toEqual(['invalid-request', answerOf(1, 1)]);
    expect(channel.log).toHaveLength(1);
  });

  it('an item that an overloaded service has no room for: it is not sent again', async () => {
    const { ask, channel } = presence();
    const asked = [0, 1].map((room) => ask(room));
    await departed();
    serve(channel.take(), ({ room }) => (room === '0' ? RESOURCE_EXHAUSTED : answerOf(1, room)));
    await pass(1_000);
    expect(asked.map(({ value, error }) => value ?? error)).toEqual([shed, answerOf(1, 1)]);
    expect(channel.log).toHaveLength(1);
  });

  it.each([
    ['the service is overloaded', RESOURCE_EXHAUSTED],
    ['it is away', UNAVAILABLE],
  ])('items with a word about when to return, as %s: they are sent again after the longest of them', async (_, code) => {
    const { ask, channel } = presence();
    const asked = [0, 1, 2].map((room) => ask(room));
    await departed();
    const item = (retryPushbackMs: number) => ItemError.create({ code, retryPushbackMs });
    channel.take().answered(null, batchOf([answerOf(1, 0), item(300), item(2_000)].map(resultOf)));
    await pass(1_999);
    expect(channel.log).toHaveLength(1);
    await pass(1);
    serve(channel.take());
    await departed();
    expect(asked.map(({ value }) => value)).toEqual([answerOf(1, 0), answerOf(1, 1), answerOf(1, 2)]);
  });
});
