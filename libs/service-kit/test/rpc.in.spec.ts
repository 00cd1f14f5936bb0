import { Metadata, status } from '@grpc/grpc-js';
import { ProblemError } from '@facet/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from '../src/wire.js';
import { alice, aRoom, Behaviour, bob, startTiny, tokenOf, type Tiny } from './tiny-service.js';

let tiny: Tiny;
beforeAll(async () => {
  tiny = await startTiny();
});
beforeEach(() => {
  Object.assign(tiny.behaviour, new Behaviour());
});
afterAll(() => tiny.stop());

const withCode = (code: number, more: object = {}) => expect.objectContaining({ code, ...more });
/** What a client of ours makes of a failed call. */
const asProblem = (call: Promise<unknown>) =>
  call.then(
    () => Promise.reject(new Error('it succeeded')),
    (error) => failureOf('presence', error),
  );

describe('a call', () => {
  it('reaches its handler with the caller that the token names', async () => {
    const seen = vi.fn(async () => ({}));
    tiny.behaviour.type = seen;
    await tiny.call('setTyping', { roomId: aRoom.toUpperCase() }, { token: await tokenOf(bob) });
    expect(seen).toHaveBeenCalledWith({ roomId: aRoom }, expect.objectContaining({ caller: bob, requestId: 'a-request' }));
  });

  it.each([
    ['no token', async () => undefined],
    ['a token for another service', () => tokenOf(alice, 'rooms-service')],
    ['what is no token', async () => 'nonsense'],
  ])('with %s is refused and reaches no handler', async (_, token) => {
    const seen = vi.fn(async () => ({}));
    tiny.behaviour.type = seen;
    await expect(tiny.call('setTyping', { roomId: aRoom }, { token: await token() })).rejects.toEqual(withCode(status.UNAUTHENTICATED));
    expect(seen).not.toHaveBeenCalled();
  });

  it('whose request does not fit its schema is told which field is wrong', async () => {
    const problem = await asProblem(tiny.call('setTyping', { roomId: 'general' }));
    expect(problem).toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/roomId', detail: 'must be a UUID' }] });
  });

  it('whose bytes are no message is refused as such', async () => {
    const call = tiny.callRaw('setTyping', Buffer.from([0xff, 0xff, 0xff]), { token: await tokenOf(alice) });
    await expect(call).rejects.toEqual(withCode(status.INVALID_ARGUMENT));
  });

  it('that fails on purpose ends with the status, the code and the public text of its problem', async () => {
    tiny.behaviour.type = () =>
      Promise.reject(new ProblemError('conflict', { detail: 'Größe – gone', errors: [{ pointer: '/roomId', detail: 'ü' }] }));
    const problem = await asProblem(tiny.call('setTyping', { roomId: aRoom }));
    expect(problem).toMatchObject({ code: 'conflict', detail: 'Größe – gone', errors: [{ pointer: '/roomId', detail: 'ü' }] });
  });

  it('that fails by accident says nothing about it', async () => {
    tiny.behaviour.type = () => Promise.reject(new Error('password of the database: hunter2'));
    await expect(tiny.call('setTyping', { roomId: aRoom })).rejects.toEqual(
      withCode(status.INTERNAL, { details: 'Something went wrong on our side' }),
    );
  });

  it('whose deadline passes ends then, and its handler learns of it', async () => {
    let aborted: AbortSignal | undefined;
    tiny.behaviour.type = (_, { signal }) => new Promise(() => (aborted = signal));
    await expect(tiny.call('setTyping', { roomId: aRoom }, { deadline: Date.now() + 150 })).rejects.toEqual(
      withCode(status.DEADLINE_EXCEEDED),
    );
    await vi.waitFor(() => expect(aborted?.aborted).toBe(true));
  });

  it('knows its deadline as the client set it', async () => {
    const deadline = Date.now() + 2_000;
    let seen = 0;
    tiny.behaviour.type = async (_, context) => ((seen = context.deadline), {});
    await tiny.call('setTyping', { roomId: aRoom }, { deadline });
    expect(Math.abs(seen - deadline)).toBeLessThan(200);
  });

  it('that its client cancels aborts its handler', async () => {
    const hangUp = new AbortController();
    const started = Promise.withResolvers<AbortSignal>();
    tiny.behaviour.type = (_, { signal }) => new Promise(() => started.resolve(signal));
    const call = tiny.call('setTyping', { roomId: aRoom }, { signal: hangUp.signal });
    const signal = await started.promise;
    hangUp.abort();
    await expect(call).rejects.toEqual(withCode(status.CANCELLED));
    await vi.waitFor(() => expect(signal.reason).toMatchObject({ code: 'client-closed-request' }));
  });
});

describe('a batch', () => {
  const items = (...callers: number[]) => callers.map((caller) => ({ caller, request: { roomId: aRoom } }));
  const outcome = (count: number) => ({ result: { $case: 'response', value: { count } } });
  const failed = (code: number, problem: string, more: object = {}) => ({
    result: { $case: 'error', value: expect.objectContaining({ code, problem, ...more }) },
  });

  it('answers each item at its position, each as its own caller', async () => {
    tiny.behaviour.count = async (all) => all.map(({ caller }) => ({ count: caller.subject === bob.subject ? 2 : 1 }));
    const tokens = [await tokenOf(alice), await tokenOf(bob)];
    const { results } = await tiny.call('batchCountOnline', { callers: { tokens }, items: items(1, 0, 1) });
    expect(results).toEqual([outcome(2), outcome(1), outcome(2)]);
  });

  it('fails an item with a bad token, a bad request or no caller alone', async () => {
    const seen = vi.fn(async (all: readonly unknown[]) => all.map(() => ({ count: 7 })));
    tiny.behaviour.count = seen;
    const tokens = [await tokenOf(alice), 'forged'];
    const batch = { callers: { tokens }, items: [...items(0, 1, 9), { caller: 0, request: { roomId: 'general' } }, ...items(0)] };
    const { results } = await tiny.call('batchCountOnline', batch);
    expect(results).toEqual([
      outcome(7),
      failed(16, 'unauthenticated'),
      failed(16, 'unauthenticated'),
      failed(3, 'validation-failed', { errors: [{ pointer: '/roomId', detail: 'must be a UUID' }] }),
      outcome(7),
    ]);
    expect(seen.mock.calls[0]?.[0]).toHaveLength(2);
  });

  it('carries the problem of one item to that item', async () => {
    const away = new ProblemError('dependency-unavailable', { retryAfterSeconds: 1 });
    tiny.behaviour.count = async () => [{ count: 1 }, new ProblemError('not-found', { detail: 'There is no such room.' }), away];
    const { results } = await tiny.call('batchCountOnline', { callers: { tokens: [await tokenOf(alice)] }, items: items(0, 0, 0) });
    expect(results).toEqual([
      outcome(1),
      failed(5, 'not-found', { message: 'There is no such room.' }),
      failed(14, 'dependency-unavailable', { retryPushbackMs: 1_000 }),
    ]);
  });

  it.each([
    ['nothing', undefined],
    ['what is no message', { count: 1.5 }],
  ])('fails an item alone for which its handler has %s', async (_, broken) => {
    tiny.behaviour.count = async () => [{ count: 1 }, broken as never, { count: 3 }];
    const { results } = await tiny.call('batchCountOnline', { callers: { tokens: [await tokenOf(alice)] }, items: items(0, 0, 0) });
    expect(results).toEqual([outcome(1), failed(13, 'internal-error'), outcome(3)]);
  });

  it('without a single valid token is refused whole', async () => {
    const seen = vi.fn();
    tiny.behaviour.count = seen;
    await expect(tiny.call('batchCountOnline', { callers: { tokens: ['forged'] }, items: items(0) })).rejects.toEqual(
      withCode(status.UNAUTHENTICATED),
    );
    await expect(tiny.call('batchCountOnline', {})).rejects.toEqual(withCode(status.UNAUTHENTICATED));
    expect(seen).not.toHaveBeenCalled();
  });

  it('whose handler gives another number of results is our fault', async () => {
    tiny.behaviour.count = async () => [];
    await expect(tiny.call('batchCountOnline', { callers: { tokens: [await tokenOf(alice)] }, items: items(0) })).rejects.toEqual(
      withCode(status.INTERNAL),
    );
  });

  it('of more items than allowed is refused', async () => {
    const batch = { callers: { tokens: [await tokenOf(alice)] }, items: items(...Array<number>(501).fill(0)) };
    await expect(tiny.call('batchCountOnline', batch)).rejects.toEqual(withCode(status.RESOURCE_EXHAUSTED));
  });

  it('of one is what the single call is', async () => {
    tiny.behaviour.count = async () => [new ProblemError('not-found')];
    await expect(tiny.call('countOnline', { roomId: aRoom })).rejects.toEqual(withCode(status.NOT_FOUND));
    tiny.behaviour.count = async () => [{ count: 3 }];
    await expect(tiny.call('countOnline', { roomId: aRoom })).resolves.toEqual({ count: 3 });
  });
});

/** Node ends a connection, and everybody's calls with it, at about 1,000 resets, unless it is told to bear more. */
it.each(['time out', 'are cancelled'])('a storm of calls that %s leaves the calls of others alone', async (how) => {
  const token = await tokenOf(alice);
  const release = Promise.withResolvers<void>();
  tiny.behaviour.count = async (all) => (await release.promise, all.map(() => ({ count: 5 })));
  const innocent = Array.from({ length: 20 }, () => tiny.call('countOnline', { roomId: aRoom }, { deadline: Date.now() + 28_000 }));
  const spared = Promise.allSettled(innocent);
  for (let wave = 0; wave < 8; wave += 1) {
    const [hangUp, allCame] = [new AbortController(), Promise.withResolvers<void>()];
    let came = 0;
    tiny.behaviour.type = () => new Promise(() => ((came += 1) === 200 ? allCame.resolve() : undefined));
    const until = how === 'time out' ? { deadline: Date.now() + 60 } : { deadline: Date.now() + 20_000, signal: hangUp.signal };
    const calls = Array.from({ length: 200 }, () => tiny.call('setTyping', { roomId: aRoom }, { token, ...until }));
    const ended = Promise.allSettled(calls);
    await Promise.race([ended, allCame.promise]);
    hangUp.abort();
    await ended;
  }
  release.resolve();
  expect((await spared).filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
});

it('an error that is not a status of ours has no metadata of ours', () => {
  expect(failureOf('presence', { code: status.UNAVAILABLE, details: 'no connection', metadata: new Metadata() })).toMatchObject({
    reason: 'unavailable',
  });
});
