import { Ending, RequestContext, type Caller } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';
import { describe, expect, expectTypeOf, it, vi } from 'vitest';
import { gather } from './gather.js';
import type { MissingPart } from './gathering.js';
import { optional, required, stale } from './parts.js';

const alice: Caller = { subject: 'alice', kind: 'user', client: 'mobile-app', scopes: [], roles: ['user'], permissions: [] };
const contextOf = (ending = new Ending()) => new RequestContext({ caller: alice, deadline: Date.now() + 60_000, ending, requestId: 'r' });
const away = () => Promise.reject(new DownstreamError('presence', 'timeout'));
const never = (within: RequestContext) =>
  new Promise<never>((_, reject) => within.signal.addEventListener('abort', () => reject(within.signal.reason)));

describe('gather', () => {
  it('asks for all parts at once and gives each its value', async () => {
    const order: string[] = [];
    const part = (name: string) => async () => (order.push(name), await Promise.resolve(), order.push(`${name} came`), name);
    const { a, b } = await gather(contextOf(), { a: required(part('a')), b: optional(part('b')) });
    expect({ a, b }).toEqual({ a: 'a', b: 'b' });
    expect(order.slice(0, 2)).toEqual(['a', 'b']);
  });

  it('types a required part as present, and others as what may be missing', async () => {
    const parts = await gather(contextOf(), {
      a: required(async () => 1),
      b: optional(async () => 'b'),
      c: stale(async () => true, { maxAgeMs: 1 }),
    });
    expectTypeOf(parts.a).toEqualTypeOf<number>();
    expectTypeOf(parts.b).toEqualTypeOf<string | undefined>();
    expectTypeOf(parts.c).toEqualTypeOf<boolean | undefined>();
    expectTypeOf(parts.degraded).toEqualTypeOf<readonly MissingPart[]>();
    // @ts-expect-error a mapper that forgets that b may be missing does not compile
    expect(() => parts.b.length).not.toThrow();
    // @ts-expect-error the name is taken
    await gather(contextOf(), { degraded: required(async () => 1) });
  });

  it.each([
    ['an optional', optional(away)],
    ['a stale', stale(away, { maxAgeMs: 1_000 })],
  ])('leaves %s part out where its dependency gives no answer, and says so', async (_, part) => {
    const context = contextOf();
    const parts = await gather(context, { room: required(async () => 'room'), online: part });
    expect(parts).toEqual({ room: 'room', online: undefined, degraded: [{ part: 'online', dependency: 'presence', reason: 'timeout' }] });
    expect(context.degraded()).toEqual(['presence']);
  });

  it.each(['forbidden', 'not-found', 'validation-failed', 'internal-error'] as const)(
    'never hides %s, not even of an optional part',
    async (code) => {
      const failing = optional(() => Promise.reject(new ProblemError(code)));
      await expect(gather(contextOf(), { failing })).rejects.toMatchObject({ code });
    },
  );

  it('fails with its required part and aborts the rest', async () => {
    const aborted = vi.fn();
    const slow = optional((within) => {
      within.signal.addEventListener('abort', aborted);
      return never(within);
    });
    const failing = required(() => Promise.reject(new DownstreamError('rooms', 'unavailable')));
    await expect(gather(contextOf(), { slow, failing })).rejects.toMatchObject({ dependency: 'rooms' });
    expect(aborted).toHaveBeenCalledOnce();
  });

  it('aborts all parts when the client hangs up', async () => {
    const ending = new Ending();
    const answer = gather(contextOf(ending), { a: optional(never), b: required(never) });
    ending.end(new ProblemError('client-closed-request'));
    await expect(answer).rejects.toMatchObject({ code: 'client-closed-request' });
  });

  it('lets a stale part, and no other, be content with an old answer', async () => {
    const seen: Record<string, number | undefined> = {};
    const ask = (name: string) => async (within: RequestContext) => (seen[name] = within.maxStaleMs);
    await gather(contextOf(), { a: required(ask('a')), b: optional(ask('b')), c: stale(ask('c'), { maxAgeMs: 60_000 }) });
    expect(seen).toEqual({ a: undefined, b: undefined, c: 60_000 });
  });

  it('lets none but a stale part be content with one, though the context in which it gathers is', async () => {
    const seen: Record<string, number | undefined> = {};
    const ask = (name: string) => async (within: RequestContext) => (seen[name] = within.maxStaleMs);
    const parts = { a: required(ask('a')), b: optional(ask('b')), c: stale(ask('c'), { maxAgeMs: 5 }) };
    await gather(contextOf(), { outer: stale((within) => gather(within, parts), { maxAgeMs: 60_000 }) });
    expect(seen).toEqual({ a: undefined, b: undefined, c: 5 });
  });

  it('lists the parts that are missing or old with the reason of each, and the dependencies in the context, those of earlier calls first', async () => {
    const context = contextOf();
    context.degrade({ dependency: 'users', reason: 'open' });
    const { rooms, online, here, degraded } = await gather(context, {
      rooms: stale(async (within) => (within.degrade({ dependency: 'rooms', reason: 'timeout' }), 'old'), { maxAgeMs: 1 }),
      online: optional(away),
      here: optional(() => Promise.reject(new DownstreamError('presence', 'shed'))),
      fresh: stale(async () => 'fresh', { maxAgeMs: 1 }),
    });
    expect([rooms, online, here]).toEqual(['old', undefined, undefined]);
    expect([...degraded].sort((a, b) => a.part.localeCompare(b.part))).toEqual([
      { part: 'here', dependency: 'presence', reason: 'shed' },
      { part: 'online', dependency: 'presence', reason: 'timeout' },
      { part: 'rooms', dependency: 'rooms', reason: 'timeout' },
    ]);
    expect(context.degradations[0]).toEqual({ dependency: 'users', reason: 'open' });
    expect(context.degraded()).toEqual(['presence', 'rooms', 'users']);
  });

  it('is there at once without parts', async () => {
    expect(await gather(contextOf(), {})).toEqual({ degraded: [] });
  });

  it('leaves no listener on the ending of the request', async () => {
    const ending = new Ending();
    const removed = vi.spyOn(ending, 'delete');
    const added = vi.spyOn(ending, 'add');
    await gather(contextOf(ending), { a: required(async () => 1) });
    expect(added).toHaveBeenCalledOnce();
    expect(removed).toHaveBeenCalledWith(added.mock.calls[0]?.[0]);
  });
});
