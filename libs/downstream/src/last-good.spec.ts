import { Ending, RequestContext, type Caller } from '@facet/context';
import { DownstreamError, ProblemError } from '@facet/errors';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Groups } from './groups.js';
import { LastGood, type KeptForm } from './last-good.js';

const alice: Caller = { subject: 'alice', kind: 'user', client: 'mobile-app', scopes: ['read:rooms'], roles: ['user'], permissions: [] };
const bob: Caller = { ...alice, subject: 'bob' };
const contextOf = (caller = alice, maxStaleMs = 1_000) =>
  new RequestContext({ caller, maxStaleMs, deadline: Number.MAX_SAFE_INTEGER, ending: new Ending(), requestId: 'r' });
const away = () => Promise.reject(new DownstreamError('rooms', 'unavailable'));
const request = Buffer.from('general');

let lastGood: LastGood;
beforeEach(() => {
  vi.useFakeTimers();
  lastGood = new LastGood({ entries: 2, bytes: 10_000 });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const form: KeptForm = { encode: (answer) => Buffer.from(String(answer)), decode: String };
const ask = (answer: () => Promise<unknown>, { context = contextOf(), path = '/get', bytes = request } = {}) =>
  lastGood.orKept(context, path, bytes, answer, form);
const answered = (answer: string, caller = alice) => ask(async () => answer, { context: contextOf(caller) });
/** What stands in for a service that is away, if anything does. */
const kept = (caller = alice) => ask(away, { context: contextOf(caller) }).catch(() => undefined);

/** An ask that is under way until the test answers it. */
function underWay(caller = alice, bytes = request) {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const outcome = ask(() => promise, { context: contextOf(caller), bytes }).catch((error: unknown) => error);
  return {
    answer: async (answer: unknown) => (resolve(answer), outcome),
    fail: async (error: Error) => (reject(error), outcome),
  };
}

describe('a kept answer', () => {
  it('stands in for a dependency without one, and the request knows why', async () => {
    await answered('old');
    const context = contextOf();
    await expect(ask(away, { context })).resolves.toBe('old');
    expect(context.degradations).toEqual([{ dependency: 'rooms', reason: 'unavailable' }]);
  });

  it('outlives the token with which it was asked for', async () => {
    await answered('old', { ...alice, issuedAt: 1 });
    await expect(kept({ ...alice, issuedAt: 2 })).resolves.toBe('old');
  });

  it('is not used where there is a fresh one', async () => {
    await answered('old');
    const context = contextOf();
    await expect(ask(async () => 'fresh', { context })).resolves.toBe('fresh');
    expect(context.degradations).toEqual([]);
    await expect(kept()).resolves.toBe('fresh');
  });

  it('is used until it is too old, not longer', async () => {
    await answered('old');
    vi.advanceTimersByTime(1_000);
    await expect(kept()).resolves.toBe('old');
    vi.advanceTimersByTime(1);
    const context = contextOf();
    await expect(ask(away, { context })).rejects.toThrow(DownstreamError);
    expect(context.degradations).toEqual([]);
    await expect(ask(away, { context: contextOf(alice, 5_000) })).resolves.toBe('old');
  });

  it('is as old as its question', async () => {
    const slow = underWay();
    vi.advanceTimersByTime(600);
    await slow.answer('old');
    vi.advanceTimersByTime(401);
    await expect(kept()).resolves.toBeUndefined();
  });

  it('does not get younger by being used', async () => {
    await answered('old');
    vi.advanceTimersByTime(600);
    await kept();
    vi.advanceTimersByTime(401);
    await expect(kept()).resolves.toBeUndefined();
  });

  it('never gives way to one that was asked for earlier', async () => {
    const slow = underWay();
    vi.advanceTimersByTime(1);
    await answered('newer');
    await expect(slow.answer('older')).resolves.toBe('older');
    await expect(kept()).resolves.toBe('newer');
  });

  it('is the one that came last of those asked for at the same time', async () => {
    const slow = underWay();
    await answered('one');
    await slow.answer('other');
    await expect(kept()).resolves.toBe('other');
  });

  it('is of no use to a context that is content with none', async () => {
    await answered('old');
    vi.advanceTimersByTime(1);
    const context = new RequestContext({ ...contextOf(), caller: alice, maxStaleMs: undefined });
    await expect(ask(away, { context })).rejects.toThrow(DownstreamError);
  });

  it.each([
    ['another caller', bob],
    ['the same person with other scopes', { ...alice, scopes: [] }],
    ['the same person with other roles', { ...alice, roles: ['admin'] }],
    ['the same person by another client', { ...alice, client: 'demo-partner' }],
    ['the same person in another session', { ...alice, session: 's2' }],
  ])('never reaches %s', async (_, caller) => {
    await answered('old');
    await expect(kept(caller)).resolves.toBeUndefined();
  });

  it.each([
    ['another method', { path: '/list' }],
    ['another request', { bytes: Buffer.from('random') }],
    ['a request that reads the same as text', { bytes: Buffer.from([0xff]) }],
  ])('never answers %s', async (_, call) => {
    await answered('old');
    await ask(async () => 'else', { bytes: Buffer.from([0xfe]) });
    await expect(ask(away, call)).rejects.toThrow(DownstreamError);
  });

  it('stands in for a call that failed without a promise', async () => {
    await answered('old');
    const shed = () => {
      throw new DownstreamError('rooms', 'shed');
    };
    await expect(ask(shed)).resolves.toBe('old');
  });
});

describe('a refusal', () => {
  const refuse = () => lastGood.refused('/get', alice, request);

  it('is the end of the kept answer', async () => {
    await answered('old');
    refuse();
    await expect(kept()).resolves.toBeUndefined();
  });

  it('is never hidden by an old answer', async () => {
    await answered('old');
    await expect(ask(() => Promise.reject(new ProblemError('not-found')))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is the end of no answer to another request or caller', async () => {
    await answered('his', bob);
    await ask(async () => 'other', { bytes: Buffer.from('random') });
    refuse();
    await expect(kept(bob)).resolves.toBe('his');
    await expect(ask(away, { bytes: Buffer.from('random') })).resolves.toBe('other');
  });

  it('wins over an answer that was under way', async () => {
    const slow = underWay();
    refuse();
    await expect(slow.answer('late')).resolves.toBe('late');
    await expect(kept()).resolves.toBeUndefined();
  });

  it('leaves alone what is under way for another request', async () => {
    const slow = underWay(alice, Buffer.from('random'));
    refuse();
    await slow.answer('other');
    await expect(ask(away, { bytes: Buffer.from('random') })).resolves.toBe('other');
  });

  it('is neither what a caller who hung up has heard, nor a defect of ours', async () => {
    await answered('old');
    for (const error of [new ProblemError('client-closed-request'), new TypeError('undefined is not a function')])
      await expect(ask(() => Promise.reject(error))).rejects.toBe(error);
    await expect(kept()).resolves.toBe('old');
  });
});

describe('a purge', () => {
  it('forgets all answers of a subject, whoever asked in its name, and of nobody else', async () => {
    lastGood = new LastGood({ entries: 10, bytes: 10_000 });
    const elsewhere = { ...alice, session: 's2' };
    await answered('hers');
    await answered('hers too', elsewhere);
    await answered('his', bob);
    lastGood.purge('alice');
    await expect(kept()).resolves.toBeUndefined();
    await expect(kept(elsewhere)).resolves.toBeUndefined();
    await expect(kept(bob)).resolves.toBe('his');
  });

  it('wins over answers that are under way, which still reach who asked', async () => {
    const [first, second, his] = [underWay(), underWay(alice, Buffer.from('random')), underWay(bob)];
    lastGood.purge('alice');
    await expect(first.answer('hers')).resolves.toBe('hers');
    await second.answer('hers too');
    await his.answer('his');
    await expect(kept()).resolves.toBeUndefined();
    await expect(ask(away, { bytes: Buffer.from('random') })).rejects.toThrow();
    await expect(kept(bob)).resolves.toBe('his');
  });

  it('says nothing about what is asked for after it, even while older calls are under way', async () => {
    const slow = underWay();
    lastGood.purge('alice');
    await answered('new');
    await slow.answer('older');
    await expect(kept()).resolves.toBe('new');
  });

  it('leaves a call that fails later without an answer', async () => {
    await answered('old');
    const slow = underWay();
    lastGood.purge('alice');
    await expect(slow.fail(new DownstreamError('rooms', 'timeout'))).resolves.toBeInstanceOf(DownstreamError);
  });
});

describe('of a caller who was revoked', () => {
  const phone: Caller = { ...alice, session: 'phone' };
  const isOver = ({ session }: Caller) => session === 'phone';

  it('every kept answer is forgotten, and none of his other sessions', async () => {
    await answered('old', phone);
    await answered('mine');
    lastGood.forgetCallers(isOver);
    expect([await kept(phone), await kept()]).toEqual([undefined, 'mine']);
  });

  it('an answer under way is not kept', async () => {
    const asking = underWay(phone);
    lastGood.forgetCallers(isOver);
    await asking.answer('late');
    await expect(kept(phone)).resolves.toBeUndefined();
  });
});

describe('while suspended', () => {
  it('for two reasons, nothing is used before both are over', async () => {
    lastGood.suspend('one');
    lastGood.suspend('other');
    lastGood.resume('one');
    await answered('old');
    await expect(kept()).resolves.toBeUndefined();
    lastGood.resume('other');
    await answered('old');
    await expect(kept()).resolves.toBe('old');
  });

  it('what was kept is forgotten, of everybody', async () => {
    await answered('hers');
    await answered('his', bob);
    lastGood.suspend();
    await expect(kept()).resolves.toBeUndefined();
    lastGood.resume();
    await expect(kept()).resolves.toBeUndefined();
    await expect(kept(bob)).resolves.toBeUndefined();
  });

  it('fresh answers reach who asked and are not kept, neither then nor for later', async () => {
    lastGood.suspend();
    await expect(answered('hers')).resolves.toBe('hers');
    await expect(kept()).resolves.toBeUndefined();
    lastGood.resume();
    await expect(kept()).resolves.toBeUndefined();
  });

  it('what was asked for before it or during it is not kept, whenever it is answered', async () => {
    const [before, his] = [underWay(), underWay(bob)];
    lastGood.suspend();
    const during = underWay(alice, Buffer.from('random'));
    await his.answer('his');
    lastGood.resume();
    await before.answer('hers');
    await during.answer('hers too');
    await expect(kept(bob)).resolves.toBeUndefined();
    await expect(kept()).resolves.toBeUndefined();
    await expect(ask(away, { bytes: Buffer.from('random') })).rejects.toThrow(DownstreamError);
  });

  it('nothing is decided for later: what is asked for after it is kept and used', async () => {
    lastGood.suspend();
    lastGood.resume();
    await answered('new');
    await expect(kept()).resolves.toBe('new');
  });
});

describe('a call that has ended', () => {
  it('takes no room any more, whichever way it ended', async () => {
    const [begun, ended] = [vi.spyOn(Groups.prototype, 'add'), vi.spyOn(Groups.prototype, 'delete')];
    const [first, second, his] = [underWay(), underWay(), underWay(bob)];
    await first.fail(new TypeError('undefined is not a function'));
    await second.fail(new ProblemError('not-found'));
    await his.fail(new DownstreamError('rooms', 'timeout'));
    expect(begun).toHaveBeenCalledTimes(3);
    expect(ended.mock.calls).toEqual(begun.mock.calls);
  });
});

describe('the bounds', () => {
  const rooms = (names: readonly string[]) =>
    Promise.all(names.map((name) => ask(away, { bytes: Buffer.from(name) }).catch(() => undefined)));

  it('hold for the number of answers: the one used longest ago goes first', async () => {
    for (const name of ['a', 'b']) await ask(async () => name, { bytes: Buffer.from(name) });
    await rooms(['a']);
    await ask(async () => 'c', { bytes: Buffer.from('c') });
    await expect(rooms(['a', 'b', 'c'])).resolves.toEqual(['a', undefined, 'c']);
  });

  it('hold for bytes as they were given', async () => {
    lastGood = new LastGood({ entries: 10, bytes: 1_000 });
    for (const name of ['a', 'b', 'c']) await ask(async () => name.repeat(300), { bytes: Buffer.from(name) });
    await expect(rooms(['a', 'b', 'c'])).resolves.toEqual([undefined, 'b'.repeat(300), 'c'.repeat(300)]);
  });

  it('are 5,000 answers and 8 MiB unless told otherwise', async () => {
    lastGood = new LastGood();
    const sized = (size: number): KeptForm => ({ encode: (answer) => Buffer.concat([Buffer.from(String(answer))], size), decode: String });
    const keep = (name: string, size: number) => lastGood.orKept(contextOf(), '/get', Buffer.from(name), async () => name, sized(size));
    for (let index = 0; index < 5_001; index++) await keep(String(index), 10);
    await expect(rooms(['0', '1', '5000'])).resolves.toEqual([undefined, expect.stringMatching(/^1/), expect.stringMatching(/^5000/)]);
    await keep('large', 8 * 1024 * 1024 - 1_000);
    await expect(rooms(['4999', 'large'])).resolves.toEqual([expect.stringMatching(/^4999/), expect.stringMatching(/^large/)]);
    await keep('too large', 8 * 1024 * 1024);
    await expect(rooms(['too large'])).resolves.toEqual([undefined]);
  });
});
