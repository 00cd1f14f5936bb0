import { status } from '@grpc/grpc-js';
import type { CountOnlineResponse } from '@facet/contracts/presence';
import { ProblemError } from '@facet/errors';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BatchContext, BatchOutcome } from '../src/index.js';
import { alice, aRoom, Behaviour, startTiny, tokenOf, type Tiny } from './tiny-service.js';

let tiny: Tiny;
beforeAll(async () => {
  tiny = await startTiny();
});
beforeEach(() => {
  Object.assign(tiny.behaviour, new Behaviour());
});
afterAll(() => tiny.stop());

const batch = async (count: number, options?: { answerWithinMs?: number; deadline?: number; signal?: AbortSignal }) => {
  const items = Array.from({ length: count }, () => ({ caller: 0, request: { roomId: aRoom } }));
  const { results } = await tiny.call('batchCountOnline', { callers: { tokens: [await tokenOf(alice)] }, items }, options);
  return results.map(({ result }) => (result?.$case === 'error' ? result.value.problem : result?.value.count));
};
const answering = (outcomes: () => BatchOutcome<CountOnlineResponse>[]) => {
  tiny.behaviour.count = async () => outcomes();
};
const never = new Promise<never>(() => undefined);

describe('an item that is promised', () => {
  it('is answered at its position when it is there', async () => {
    const slow = Promise.withResolvers<CountOnlineResponse>();
    answering(() => [{ count: 1 }, slow.promise, Promise.resolve(new ProblemError('not-found'))]);
    const answer = batch(3);
    slow.resolve({ count: 2 });
    await expect(answer).resolves.toEqual([1, 2, 'not-found']);
  });

  it('that is broken fails alone: on purpose as its problem, by accident without a word', async () => {
    answering(() => [{ count: 1 }, Promise.reject(new ProblemError('conflict')), Promise.reject(new Error('password: hunter2'))]);
    await expect(batch(3)).resolves.toEqual([1, 'conflict', 'internal-error']);
  });

  it('is the answer of a single call', async () => {
    answering(() => [Promise.resolve({ count: 4 })]);
    await expect(tiny.call('countOnline', { roomId: aRoom })).resolves.toEqual({ count: 4 });
    answering(() => [Promise.resolve(new ProblemError('not-found'))]);
    await expect(tiny.call('countOnline', { roomId: aRoom })).rejects.toMatchObject({ code: status.NOT_FOUND });
  });
});

describe('a batch that is to be answered in time', () => {
  it('is answered by then, and only what is not there is late', async () => {
    answering(() => [{ count: 1 }, never, Promise.resolve({ count: 3 })]);
    const startedAt = Date.now();
    await expect(batch(3, { answerWithinMs: 100, deadline: startedAt + 20_000 })).resolves.toEqual([1, 'deadline-exceeded', 3]);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  it('is answered also where its handler has nothing yet', async () => {
    tiny.behaviour.count = () => never;
    await expect(batch(2, { answerWithinMs: 50 })).resolves.toEqual(['deadline-exceeded', 'deadline-exceeded']);
  });

  it('is answered also where its handler gave up in time', async () => {
    tiny.behaviour.count = () => Promise.reject(new ProblemError('deadline-exceeded'));
    await expect(batch(1, { answerWithinMs: 5_000 })).resolves.toEqual(['deadline-exceeded']);
  });

  it('that fails for another reason fails whole', async () => {
    tiny.behaviour.count = () => Promise.reject(new ProblemError('dependency-unavailable'));
    await expect(batch(1, { answerWithinMs: 5_000 })).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });

  it('tells its handler when that is, and that it is over', async () => {
    let seen: BatchContext | undefined;
    tiny.behaviour.count = (_, context) => ((seen = context), never);
    const startedAt = Date.now();
    await batch(1, { answerWithinMs: 100, deadline: startedAt + 20_000 });
    expect(seen!.deadline).toBeLessThan(startedAt + 10_000);
    expect(seen!.signal).toMatchObject({ aborted: true, reason: { code: 'deadline-exceeded' } });
  });

  it('that nobody waits for any more is over at once', async () => {
    const started = Promise.withResolvers<BatchContext>();
    tiny.behaviour.count = (_, context) => (started.resolve(context), never);
    const hangUp = new AbortController();
    const answer = batch(1, { answerWithinMs: 20_000, deadline: Date.now() + 20_000, signal: hangUp.signal });
    const { ending } = await started.promise;
    hangUp.abort();
    await expect(answer).rejects.toMatchObject({ code: status.CANCELLED });
    await vi.waitFor(() => expect(ending.reason).toMatchObject({ code: 'client-closed-request' }));
  });
});

describe('a batch without a time to answer', () => {
  it('fails whole at its deadline', async () => {
    answering(() => [{ count: 1 }, never]);
    await expect(batch(2, { deadline: Date.now() + 100 })).rejects.toMatchObject({ code: status.DEADLINE_EXCEEDED });
  });
});

it('what is done for a call is over once it has been answered', async () => {
  const seen: BatchContext[] = [];
  tiny.behaviour.count = async (items, context) => (seen.push(context), items.map(() => ({ count: 1 })));
  await batch(1);
  await tiny.call('countOnline', { roomId: aRoom });
  await vi.waitFor(() => expect(seen.map(({ ending }) => ending.ended)).toEqual([true, true]));
});
