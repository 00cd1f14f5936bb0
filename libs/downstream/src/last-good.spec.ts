import { Ending, RequestContext, type Caller } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LastGood } from './last-good.js';

const alice: Caller = { subject: 'alice', kind: 'user', client: 'mobile-app', scopes: ['read:rooms'], roles: ['user'] };
const contextOf = (caller = alice, maxStaleMs = 1_000) =>
  new RequestContext({ caller, maxStaleMs, deadline: Number.MAX_SAFE_INTEGER, ending: new Ending(), requestId: 'r' });
const away = () => Promise.reject(new DownstreamError('rooms', 'unavailable'));
const request = Buffer.from('general');

let lastGood: LastGood;
beforeEach(() => {
  vi.useFakeTimers();
  lastGood = new LastGood(2);
});
afterEach(() => vi.useRealTimers());

describe('a kept answer', () => {
  it('stands in for a dependency without one, and the request knows', async () => {
    await lastGood.orKept(contextOf(), '/get', request, async () => 'old');
    const context = contextOf();
    await expect(lastGood.orKept(context, '/get', request, away)).resolves.toBe('old');
    expect(context.degraded()).toEqual(['rooms']);
  });

  it('is not used once it is too old', async () => {
    await lastGood.orKept(contextOf(), '/get', request, async () => 'old');
    vi.advanceTimersByTime(1_001);
    await expect(lastGood.orKept(contextOf(), '/get', request, away)).rejects.toThrow(DownstreamError);
  });

  it.each([
    ['another caller', { ...alice, subject: 'bob' }],
    ['the same person with other scopes', { ...alice, scopes: [] }],
    ['the same person with other roles', { ...alice, roles: ['admin'] }],
    ['the same person by another client', { ...alice, client: 'demo-partner' }],
  ])('never reaches %s', async (_, caller) => {
    await lastGood.orKept(contextOf(), '/get', request, async () => 'old');
    await expect(lastGood.orKept(contextOf(caller), '/get', request, away)).rejects.toThrow(DownstreamError);
  });

  it('never hides what the service answered', async () => {
    await lastGood.orKept(contextOf(), '/get', request, async () => 'old');
    const gone = () => Promise.reject(new ProblemError('not-found'));
    await expect(lastGood.orKept(contextOf(), '/get', request, gone)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('gives way to others when there are too many, the longest unused first', async () => {
    for (const name of ['a', 'b', 'c']) await lastGood.orKept(contextOf(), '/get', Buffer.from(name), async () => name);
    await expect(lastGood.orKept(contextOf(), '/get', Buffer.from('a'), away)).rejects.toThrow(DownstreamError);
    await expect(lastGood.orKept(contextOf(), '/get', Buffer.from('b'), away)).resolves.toBe('b');
  });
});
