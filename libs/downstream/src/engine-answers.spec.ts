import { Ending } from '@facet/context';
import { ItemError } from '@facet/contracts';
import { BatchCountOnlineRequest, BatchCountOnlineResponse, CountOnlineResponse } from '@facet/contracts/presence';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { GetUserResponse, BatchGetUsersResponse } from '@facet/contracts/users';
import { UsersService } from '@facet/contracts/users/grpc';
import { GrpcStatus } from '@facet/errors';
import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import {
  answerOf,
  batchOf,
  callsOf,
  clientOf,
  contextOf,
  departed,
  departures,
  holdTime,
  outcomeOf,
  presence,
  serve,
} from '../test/held-channel.fixtures.js';

holdTime();

const invalid = expect.objectContaining({ dependency: 'presence', reason: 'invalid', code: 'dependency-failed' });
const answered = (count: number) => ({ result: { $case: 'response' as const, value: { count } } });
/** Length-delimited. */
const field = (number: number, ...bytes: number[]) => [(number << 3) | 2, bytes.length, ...bytes];

describe('each call of a batch', () => {
  it('gets its own answer, and names its own caller', async () => {
    const { ask, channel } = presence();
    const asked = ['12', '13', '22', '11'].map((pair) => ask(pair[1]!, pair[0]));
    await departed();
    const { callers, items } = BatchCountOnlineRequest.decode(channel.sent[0]!.bytes);
    expect([callers?.tokens, items.map(({ caller }) => caller)]).toEqual([
      ['1', '2'],
      [0, 0, 1, 0],
    ]);
    serve(channel.take());
    await departed();
    expect(asked.map(({ value }) => value)).toEqual([answerOf(1, 2), answerOf(1, 3), answerOf(2, 2), answerOf(1, 1)]);
  });

  it('fails alone, with what the service says about it', async () => {
    const { ask, channel } = presence();
    const asked = [1, 2, 3, 4].map((room) => ask(room));
    await departed();
    const item = (code: number, problem: string) => ({
      result: { $case: 'error' as const, value: ItemError.create({ code, message: 'No such room', problem }) },
    });
    channel
      .take()
      .answered(
        null,
        batchOf([item(GrpcStatus.NOT_FOUND, ''), answered(7), item(GrpcStatus.INVALID_ARGUMENT, 'validation-failed'), answered(8)]),
      );
    await departed();
    expect(asked.map(({ value, error }) => value ?? error)).toEqual([
      expect.objectContaining({ name: 'ProblemError', code: 'not-found', detail: 'No such room' }),
      { count: 7 },
      expect.objectContaining({ code: 'validation-failed' }),
      { count: 8 },
    ]);
  });

  it('is one of at most 500', async () => {
    const { ask, channel } = presence({ policy: { batch: { outstanding: 3 } } });
    const asked = Array.from({ length: 1_001 }, (_, room) => ask(room));
    await departed();
    expect(departures(channel).map(({ length }) => length)).toEqual([500, 500, 1]);
    for (const sent of channel.sent.splice(0)) serve(sent);
    await departed();
    expect(asked.map(({ value }) => value)).toEqual(asked.map((_, room) => answerOf(1, room)));
  });

  it('may be joined by its like: the answer is in its place all the same', async () => {
    const { ask, channel } = presence();
    const asked = [1, 2, 1, 3, 2].map((room) => ask(room));
    await departed();
    expect(departures(channel)).toEqual([['1', '2', '3']]);
    serve(channel.take());
    await departed();
    expect(asked.map(({ value }) => value)).toEqual([1, 2, 1, 3, 2].map((room) => answerOf(1, room)));
  });

  it('that nobody waits for any more leaves the others their places', async () => {
    const { ask, channel } = presence();
    const ending = new Ending();
    const asked = [ask(1), ask(2, 1, { ending }), ask(3)];
    await departed();
    ending.end('bye');
    serve(channel.take());
    await departed();
    expect(asked.map(({ value }) => value)).toEqual([answerOf(1, 1), undefined, answerOf(1, 3)]);
  });
});

describe('a batch whose answer', () => {
  it.each([
    ['cannot be decoded', Buffer.from([0xff, 0xff])],
    ['is empty', Buffer.alloc(0)],
    ['has too few results', batchOf([answered(1)])],
    ['has too many results', batchOf([answered(1), answered(2), answered(3)])],
    ['is cut off', batchOf([answered(1), answered(200)]).subarray(0, -1)],
    ['has results without an outcome', batchOf([{ result: undefined }, { result: undefined }])],
  ])('%s is a failure of the dependency, for all', async (_, bytes) => {
    const { ask, channel } = presence();
    const asked = [1, 2].map((room) => ask(room));
    await departed();
    channel.take().answered(null, bytes);
    await departed();
    expect(asked.map(({ error }) => error)).toEqual([invalid, invalid]);
  });

  it.each([
    ['without an outcome', []],
    ['of which the answer is cut off', field(1, 0x08)],
    ['of which the answer ends behind it', [0x0a, 0x20, 0x08]],
    ['whose error is none', field(2, 0xff)],
  ])('has a result %s fails that one alone', async (_, result) => {
    const { ask, channel } = presence();
    const asked = [1, 2, 3].map((room) => ask(room));
    await departed();
    const good = [...BatchCountOnlineResponse.encode({ results: [answered(7)] }).finish()];
    channel.take().answered(null, Buffer.from([...good, ...field(1, ...result), ...good]));
    await departed();
    expect(asked.map(({ value, error }) => value ?? error)).toEqual([{ count: 7 }, invalid, { count: 7 }]);
  });
});

describe('a single call', () => {
  it('gets its answer, and what the answer says beyond what we know is left aside', async () => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    channel.take().answered(null, Buffer.from([...CountOnlineResponse.encode({ count: 3 }).finish(), ...field(15, 1, 2, 3)]));
    await departed();
    expect(asked.value).toEqual({ count: 3 });
  });

  it('whose answer cannot be decoded is a failure of the dependency, whose cause is kept', async () => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    channel.take().answered(null, Buffer.from([0x08]));
    await departed();
    expect(asked.error).toEqual(invalid);
    expect((asked.error as Error).cause).toBeInstanceOf(Error);
  });

  it('that is refused knows the public text and the fields', async () => {
    const { ask, channel } = presence();
    const asked = ask(1);
    await departed();
    const metadata = new Metadata();
    metadata.set('facet-code', 'conflict');
    metadata.set('facet-errors', '[{"pointer":"/roomId","detail":"too old"}]');
    const failure: ServiceError = Object.assign(new Error('no'), {
      code: GrpcStatus.FAILED_PRECONDITION,
      details: 'It has ended.',
      metadata,
    });
    channel.take().answered(failure);
    await departed();
    expect(asked.error).toMatchObject({ code: 'conflict', detail: 'It has ended.', errors: [{ pointer: '/roomId', detail: 'too old' }] });
    expect((asked.error as Error).cause).toBe(failure);
  });
});

describe('answers that weigh much', () => {
  it('are asked for by fewer at a time', async () => {
    const { client, channel } = clientOf(UsersService, { policy: { batch: { mostBytes: 10_000, outstanding: 100 } } });
    const heavy = GetUserResponse.fromPartial({ user: { id: 'u', about: 'x'.repeat(2_000) } });
    const result = { result: { $case: 'response' as const, value: heavy } };
    const sizes: number[] = [];
    for (let round = 0; round < 12; round++) {
      for (let user = 0; user < 20; user++) outcomeOf(client.getUser({ userId: `${user}` }, contextOf('1')));
      await departed();
      sizes.push(channel.sent.length);
      for (const { bytes, path, answered: answer } of channel.sent.splice(0)) {
        const items = path.endsWith('s') ? BatchCountOnlineRequest.decode(bytes).items.length : 1;
        const message =
          items > 1 ? BatchGetUsersResponse.encode({ results: Array<typeof result>(items).fill(result) }) : GetUserResponse.encode(heavy);
        answer(null, Buffer.from(message.finish()));
      }
      await departed();
    }
    expect(sizes[0]).toBe(1);
    expect(sizes.at(-1)).toBe(5);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });

  it('are asked for by many again when they weigh little', async () => {
    const { ask, channel } = presence({ policy: { batch: { mostBytes: 1_024, outstanding: 100 } } });
    const heavy = Buffer.from([...CountOnlineResponse.encode({ count: 3 }).finish(), ...field(15, ...Array<number>(100).fill(0))]);
    for (let lesson = 0; lesson < 5; lesson++) {
      ask('heavy');
      await departed();
      channel.take().answered(null, heavy);
    }
    const sizes: number[] = [];
    for (let round = 0; round < 12; round++) {
      for (let room = 0; room < 40; room++) ask(room);
      await departed();
      sizes.push(callsOf(channel.sent[0]!).length);
      for (const sent of channel.sent.splice(0)) serve(sent);
      await departed();
    }
    expect([sizes[0], sizes.at(-1)]).toEqual([14, 40]);
  });
});

it('a client has the single methods of its service, and none of the twins', () => {
  const { client } = clientOf(PresenceService);
  expect(Object.keys(client).sort()).toEqual(['countOnline', 'heartbeat', 'setTyping']);
});

it('a policy for a method that the service does not have stops the start', () => {
  expect(() => clientOf(PresenceService, { policy: { methods: { countOffline: {} } } })).toThrow(
    'facet.presence.v1.PresenceService has no method countOffline',
  );
});
