import { Ending, RequestContext, type Caller } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { gather } from './gather.js';
import { after, each, optional, required, stale } from './parts.js';

const alice: Caller = { subject: 'alice', kind: 'user', client: 'mobile-app', scopes: [], roles: ['user'], permissions: [] };
const contextOf = () => new RequestContext({ caller: alice, deadline: Date.now() + 60_000, ending: new Ending(), requestId: 'r' });
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** An ask that the test answers. */
function held<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  return { ask: vi.fn((_: RequestContext) => promise), resolve, reject };
}

describe('a part after another', () => {
  it('is asked for the moment that part is there, while all others go on', async () => {
    const [joined, slow] = [held<string[]>(), held<string>()];
    const rooms = required(joined.ask);
    const lines = vi.fn(async (ids: string[]) => ids.map((id) => `line of ${id}`));
    const answer = gather(contextOf(), { lines: required(after(rooms, lines)), slow: required(slow.ask), rooms });

    expect(joined.ask).toHaveBeenCalledOnce();
    expect(slow.ask).toHaveBeenCalledOnce();
    await turn();
    expect(lines).not.toHaveBeenCalled();
    joined.resolve(['1', '2']);
    await turn();
    expect(lines).toHaveBeenCalledExactlyOnceWith(['1', '2'], expect.any(RequestContext));
    slow.resolve('late');
    expect(await answer).toEqual({ rooms: ['1', '2'], lines: ['line of 1', 'line of 2'], slow: 'late', degraded: [] });
    expect(joined.ask).toHaveBeenCalledOnce();
  });

  it('is asked for in the turn in which its need is there, so that those of one need make one batch', async () => {
    const need = held<number>();
    const first = required(need.ask);
    const asked: number[] = [];
    const note = async (value: number) => void asked.push(value);
    const answer = gather(contextOf(), { first, b: required(after(first, note)), c: stale(after(first, note), { maxAgeMs: 1 }) });
    need.resolve(1);
    await turn();
    expect(asked).toEqual([1, 1]);
    await answer;
  });

  it('is given the values of several, in their order, undefined where an optional one is missing', async () => {
    const a = required(async () => 1);
    const b = optional((): Promise<string> => Promise.reject(new DownstreamError('presence', 'timeout')));
    const both = required(
      after([a, b], async (values) => {
        expectTypeOf(values).toEqualTypeOf<readonly [number, string | undefined]>();
        return values;
      }),
    );
    const alone = required(
      after(b, async (value) => {
        expectTypeOf(value).toEqualTypeOf<string | undefined>();
        return value;
      }),
    );
    const parts = await gather(contextOf(), { both, alone, b, a });
    expectTypeOf(parts.both).toEqualTypeOf<readonly [number, string | undefined]>();
    expect(parts.both).toEqual([1, undefined]);
    expect(parts.alone).toBeUndefined();
    expect(parts.degraded).toEqual([{ part: 'b', dependency: 'presence', reason: 'timeout' }]);
  });

  it('may be needed by others in turn', async () => {
    const a = required(async () => 1);
    const b = required(after(a, async (one) => one + 1));
    const c = required(after([a, b], async ([one, two]) => one + two));
    expect(await gather(contextOf(), { c, b, a })).toMatchObject({ a: 1, b: 2, c: 3 });
  });

  it('is never asked for where its need fails the answer, and hides that failure from nobody', async () => {
    const ask = vi.fn(async () => 1);
    const rooms = required(() => Promise.reject(new DownstreamError('rooms', 'open')));
    const context = contextOf();
    const answer = gather(context, { lines: optional(after(rooms, ask)), rooms });
    await expect(answer).rejects.toMatchObject({ dependency: 'rooms', reason: 'open' });
    await turn();
    expect(ask).not.toHaveBeenCalled();
    expect(context.degradations).toEqual([]);
  });

  it('is never asked for where another part failed the answer meanwhile', async () => {
    const [need, failing, ask] = [held<number>(), held<number>(), vi.fn(async () => 1)];
    const first = required(need.ask);
    const answer = gather(contextOf(), { first, failing: optional(failing.ask), then: required(after(first, ask)) });
    failing.reject(new ProblemError('forbidden'));
    await expect(answer).rejects.toMatchObject({ code: 'forbidden' });
    need.resolve(1);
    await turn();
    expect(ask).not.toHaveBeenCalled();
  });

  it('fails the answer, or is missing, as any other', async () => {
    const a = required(async () => 1);
    const away = after(a, () => Promise.reject(new DownstreamError('presence', 'invalid')));
    await expect(gather(contextOf(), { a, b: required(away) })).rejects.toMatchObject({ reason: 'invalid' });
    expect((await gather(contextOf(), { a, b: optional(away) })).degraded).toEqual([
      { part: 'b', dependency: 'presence', reason: 'invalid' },
    ]);
  });

  it('may be old, as any other', async () => {
    const a = required(async () => 1);
    const seen = vi.fn(async (_: number, within: RequestContext) => within.maxStaleMs);
    expect(await gather(contextOf(), { a, b: stale(after(a, seen), { maxAgeMs: 7 }) })).toMatchObject({ b: 7 });
  });

  it('is a defect where it waits for what is not gathered with it', async () => {
    const elsewhere = required(async () => 1);
    await expect(gather(contextOf(), { lost: optional(after(elsewhere, async () => 1)) })).rejects.toThrow('not gathered with it');
  });
});

describe('each of several things', () => {
  const counts = async (id: number, within: RequestContext) => {
    if (id === 2) throw new DownstreamError('presence', 'timeout');
    if (id === 4) throw new ProblemError('forbidden');
    return `${id} within ${within.maxStaleMs}`;
  };

  it('is asked for at once, and is missing where its dependency gives no answer, which is noted once', async () => {
    const asked: number[] = [];
    const context = contextOf();
    const ask = (id: number, within: RequestContext) => (asked.push(id), counts(id, within));
    const answer = gather(context, { online: stale((within) => each([1, 2, 3, 2], ask, within), { maxAgeMs: 5 }) });
    expect(asked).toEqual([1, 2, 3, 2]);
    const { online, degraded } = await answer;
    expectTypeOf(online).toEqualTypeOf<(string | undefined)[] | undefined>();
    expect(online).toEqual(['1 within 5', undefined, '3 within 5', undefined]);
    expect(degraded).toEqual([{ part: 'online', dependency: 'presence', reason: 'timeout' }]);
    expect(context.degradations).toEqual([{ dependency: 'presence', reason: 'timeout' }]);
  });

  it('fails the answer with any other failure', async () => {
    await expect(gather(contextOf(), { online: optional((within) => each([1, 4], counts, within)) })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

describe('what comes after a failure', () => {
  it('is noted nowhere', async () => {
    const [failing, late] = [held<number>(), held<number>()];
    const context = contextOf();
    const answer = gather(context, { failing: required(failing.ask), late: optional(late.ask) });
    failing.reject(new DownstreamError('rooms', 'timeout'));
    await expect(answer).rejects.toMatchObject({ dependency: 'rooms' });
    late.reject(new DownstreamError('presence', 'timeout'));
    await turn();
    expect(context.degradations).toEqual([]);
  });

  it('does not change which failure it was', async () => {
    const [first, second] = [held<number>(), held<number>()];
    const answer = gather(contextOf(), { second: required(second.ask), first: required(first.ask) });
    first.reject(new ProblemError('not-found'));
    second.reject(new ProblemError('forbidden'));
    await expect(answer).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('an answer', () => {
  it('is kept as its weakest part may be kept', async () => {
    const context = contextOf();
    const ask = async () => 1;
    await gather(context, {
      a: required(ask, { cache: { shared: true, maxAgeSeconds: 60 } }),
      b: optional(ask, { cache: { shared: false, maxAgeSeconds: 90 } }),
      c: stale(ask, { maxAgeMs: 1, cache: { shared: true, maxAgeSeconds: 30 } }),
    });
    expect(context.notes.cache).toEqual({ shared: false, maxAgeSeconds: 30 });
  });

  it('is asked for again each time where one part says nothing', async () => {
    const context = contextOf();
    await gather(context, { a: required(async () => 1, { cache: { shared: true, maxAgeSeconds: 60 } }), b: required(async () => 1) });
    expect(context.notes.cache).toEqual({ shared: false, maxAgeSeconds: 0 });
  });

  it('shows how long its parts took, from when they were asked for, whatever came of them', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const context = contextOf();
      context.notes.showTimings();
      const [room, online] = [held<number>(), held<number>()];
      const first = required(room.ask);
      const answer = gather(context, {
        first,
        online: optional(online.ask),
        then: required(after(first, async () => void vi.advanceTimersByTime(5))),
      });
      vi.advanceTimersByTime(10);
      room.resolve(1);
      await turn();
      online.reject(new DownstreamError('presence', 'timeout'));
      await answer;
      expect([...(context.notes.timings ?? [])]).toEqual([
        ['first', 10],
        ['then', 5],
        ['online', 15],
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});
