import { describe, expect, it, vi } from 'vitest';
import { verifiedOf } from './access-token-claims.js';
import { newCaller, type CallerFields } from './new-caller.js';
import { Revocations, type Revocation } from './revocations.js';

const second = 1_000;
const now = 1_800_000_000 * second;
const until = now + 3_600 * second;
const issuedAt = now / second - 60;

const caller = (fields: Partial<CallerFields> = {}) =>
  newCaller({
    subject: 'alice',
    kind: 'user',
    client: 'mobile-app',
    scopes: [],
    roles: ['user'],
    session: 's1',
    key: 'k1',
    issuedAt,
    ...fields,
  });
const aList = (limit?: number) => new Revocations(limit, () => now);
const of = (kind: Revocation['kind'], id: string, before = now): Revocation => ({ kind, id, before, until });

describe('a caller is nobody any more', () => {
  it.each([
    ['whose session has ended', of('session', 's1'), { session: 's2' }],
    ['whose account was ended since', of('subject', 'alice'), { subject: 'bob' }],
    ['whose client was ended since', of('client', 'mobile-app'), { client: 'web-app' }],
    ['whose API key has ended', of('key', 'k1'), { key: 'k2' }],
  ])('%s, and nobody else is', (_, revocation, other) => {
    const revocations = aList();
    revocations.revoke(revocation);
    expect([revocations.covers(caller()), revocations.covers(caller(other))]).toEqual([true, false]);
  });

  it('whose token was revoked, though another token speaks for the same one', () => {
    const claims = (jti: string) => ({ iss: 'i', exp: until / second, iat: 0, jti, sub: 'alice', client_id: 'mobile-app' });
    const revocations = aList();
    revocations.revoke(of('token', 't1'));
    const [one, other] = ['t1', 't2'].map((jti) => verifiedOf(claims(jti), 'kid').caller);
    expect([revocations.covers(one!), revocations.covers(other!)]).toEqual([true, false]);
  });

  it.each([of('session', 's1', now + 500), of('subject', 'alice', now + 500), of('client', 'mobile-app', now + 500)])(
    'up to the second of the revocation, and anew from the next: $kind',
    (revocation) => {
      const revocations = aList();
      revocations.revoke(revocation);
      const issued = (at: number) => revocations.covers(caller({ issuedAt: at }));
      expect([issued(now / second - 1), issued(now / second), issued(now / second + 1)]).toEqual([true, true, false]);
    },
  );

  it('whose credential bears no time', () => {
    const revocations = aList();
    revocations.revoke(of('subject', 'alice'));
    const { issuedAt: _, ...fields } = caller();
    expect(revocations.covers(newCaller(fields))).toBe(true);
  });

  it('by the latest of several, in whatever order they come', () => {
    const revocations = aList();
    revocations.revoke(of('subject', 'alice', now));
    revocations.revoke(of('subject', 'alice', now - 3_600 * second));
    expect(revocations.covers(caller())).toBe(true);
  });
});

it('a service that acts for itself cannot be revoked, whatever it is called', () => {
  const revocations = aList(0);
  for (const kind of ['subject', 'client'] as const) revocations.revoke(of(kind, 'importer'));
  const { issuedAt: _, ...importer } = caller({ subject: 'importer', client: 'importer', kind: 'service' });
  expect(revocations.covers(newCaller(importer))).toBe(false);
});

it('a revocation ends when nothing is left that it could concern, and makes room', () => {
  let time = now;
  const revocations = new Revocations(10, () => time);
  revocations.revoke(of('session', 's1'));
  time = until;
  expect([revocations.covers(caller()), revocations.size]).toEqual([false, 1]);
  revocations.revoke({ ...of('session', 's2'), until: until + second });
  expect(revocations.size).toBe(1);
  revocations.revoke(of('session', 's3'));
  expect(revocations.size).toBe(1);
});

describe('where there is no room', () => {
  const full = () => {
    const revocations = aList(2);
    revocations.revoke(of('session', 'oldest', now - 40 * second));
    revocations.revoke(of('subject', 'bob', now - 30 * second));
    revocations.revoke(of('key', 'newest', now - 20 * second));
    return revocations;
  };

  it('the oldest becomes a coarser one: what was issued up to its time is nobody', () => {
    const revocations = full();
    expect(revocations.size).toBe(2);
    const session = 'oldest';
    expect(revocations.covers(caller({ session }))).toBe(true);
    expect(revocations.covers(caller())).toBe(true);
    expect(revocations.covers(caller({ issuedAt: now / second - 35 }))).toBe(false);
    expect(revocations.covers(caller({ subject: 'bob', issuedAt: now / second - 35 }))).toBe(true);
  });

  it('whoever remembers callers is told of that as well', () => {
    const revocations = aList(1);
    revocations.revoke(of('session', 'oldest', now));
    const told: boolean[] = [];
    revocations.onRevoked((isOver) => void told.push(isOver(caller())));
    revocations.revoke(of('session', 'other', now + second));
    expect(told).toEqual([false, true]);
  });
});

it('where nobody can tell what was revoked, all is over that was issued up to then', () => {
  const revocations = aList();
  revocations.revokeAll(now);
  expect([revocations.covers(caller()), revocations.covers(caller({ issuedAt: now / second + 1 }))]).toEqual([true, false]);
});

describe('who listens', () => {
  it('is told once of each, as the question whom it concerns, until it listens no more', () => {
    const revocations = aList();
    const told = vi.fn<(alice: boolean, bob: boolean) => void>();
    const stop = revocations.onRevoked((isOver) => told(isOver(caller()), isOver(caller({ subject: 'bob' }))));
    for (let n = 0; n < 2; n += 1) revocations.revoke(of('subject', 'alice'));
    expect(told.mock.calls).toEqual([[true, false]]);
    stop();
    revocations.revoke(of('subject', 'bob'));
    expect(told).toHaveBeenCalledOnce();
  });
});

describe('what is open', () => {
  it('for a caller ends when he is revoked, once, and nobody else does', () => {
    const revocations = aList();
    const [mine, others, gone] = [vi.fn(), vi.fn(), vi.fn()];
    revocations.whenRevoked(caller(), mine);
    revocations.whenRevoked(caller({ session: 's2' }), others);
    revocations.whenRevoked(caller(), gone)();
    revocations.revoke(of('session', 's1'));
    revocations.revoke(of('key', 'k1', now + second));
    expect([mine.mock.calls.length, others.mock.calls.length, gone.mock.calls.length]).toEqual([1, 1, 0]);
  });

  it('ends at once for who is nobody already', () => {
    const revocations = aList();
    revocations.revoke(of('session', 's1'));
    const end = vi.fn();
    revocations.whenRevoked(caller(), end);
    expect(end).toHaveBeenCalledOnce();
  });
});
