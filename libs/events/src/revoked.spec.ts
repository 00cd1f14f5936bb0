import { newCaller, Revocations, revocationLivesMs, type Revocation } from '@facet/auth';
import { Revoked } from '@facet/contracts/revocations';
import { expect, test } from 'vitest';
import type { StoredEvent } from './event.js';
import { revoked, RevocationFeed } from './revoked.js';

const now = Date.now();
const alice = newCaller({
  subject: 'alice',
  kind: 'user',
  client: 'web-app',
  scopes: [],
  roles: [],
  session: 's1',
  issuedAt: now / 1_000 - 60,
});
const bob = newCaller({ ...alice, subject: 'bob', session: 's2' });
const of = (kind: Revocation['kind'], id: string): Revocation => ({ kind, id, before: now, until: now + revocationLivesMs });
const stored = (revocation: Revocation): StoredEvent => ({ ...revoked(revocation), source: 'identity-provider', position: '1' });

/** What keepers were told since the feed began. */
function following() {
  const told: string[] = [];
  const keeper = {
    forgetCallers: (isOver: (caller: typeof alice) => boolean) =>
      void told.push(`forget ${[alice, bob].filter(isOver).map(({ subject }) => subject)}`),
    resume: (why: string) => void told.push(`resume ${why}`),
    suspend: (why: string) => void told.push(`suspend ${why}`),
  };
  const revocations = new Revocations();
  const feed = new RevocationFeed(revocations, [keeper]);
  return { revocations, feed, told };
}

test.each([
  ['session', 's1'],
  ['subject', 'alice'],
])('a %s that was revoked is nobody’s, and what was kept for its callers is forgotten', (kind, id) => {
  const { revocations, feed, told } = following();
  feed.began();
  feed.saw(stored(of(kind as 'session', id)));
  expect([revocations.covers(alice), revocations.covers(bob)]).toEqual([true, false]);
  expect(told.at(-1)).toBe('forget alice');
});

test('an event that nobody can read has ended all that was issued up to then', () => {
  for (const strange of [
    { type: 'facet.revocations.v1.Unheard' },
    { data: Buffer.from([0xff]) },
    { data: Revoked.encode({ what: undefined, before: new Date(), until: new Date() }).finish() },
  ]) {
    const { revocations, feed } = following();
    feed.saw({ ...stored(of('session', 'other')), ...strange });
    expect([revocations.covers(alice), revocations.covers(bob)]).toEqual([true, true]);
  }
});

test('kept answers are not used before revocations are seen, nor while they may pass unseen', () => {
  const { feed, told } = following();
  feed.began();
  feed.lost();
  expect(told.map((each) => each.split(' ')[0])).toEqual(['suspend', 'resume', 'suspend']);
});
