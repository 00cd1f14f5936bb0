import type { Revocation, Revocations } from '@facet/auth';
import { Revoked } from '@facet/contracts/revocations';
import type { OutgoingEvent, StoredEvent } from './event.js';
import { event } from './event.js';
import type { Follower } from './watch.js';

/** revocationsTopic: where revocations are published. */
export const revocationsTopic = 'facet.revocations.v1';

/** RemembersCallers: what keeps something of callers beyond a request. */
export interface RemembersCallers {
  /** Forgets what it has of such callers. */
  forgetCallers(isOver: (caller: Parameters<Revocations['covers']>[0]) => boolean): void;
}

/** UsesKeptAnswers: what must not use what it keeps while revocations may pass unseen. */
export interface UsesKeptAnswers extends RemembersCallers {
  resume(why: string): void;
  suspend(why: string): void;
}

/** revoked: a revocation as an event, to be published in the transaction of what ends. */
export function revoked({ kind, id, before, until }: Revocation): OutgoingEvent {
  return event(Revoked, { key: id }, { what: { $case: kind, value: id }, before: new Date(before), until: new Date(until) });
}

/**
 * RevocationFeed: follows `facet.revocations.v1` into a process's Revocations. An event that it does not know, or cannot read, may have ended anything: then
 * all that was issued up to its time has.
 */
export class RevocationFeed implements Follower {
  constructor(
    private readonly revocations: Revocations,
    private readonly kept: readonly (RemembersCallers | UsesKeptAnswers)[] = [],
  ) {
    revocations.onRevoked((isOver) => kept.forEach((each) => each.forgetCallers(isOver)));
    this.lost();
  }

  began(): void {
    for (const each of this.kept) if ('resume' in each) each.resume(revocationsTopic);
  }

  saw(stored: StoredEvent): void {
    const revocation = revocationOf(stored);
    if (revocation) this.revocations.revoke(revocation);
    else this.revocations.revokeAll(stored.time.getTime());
  }

  lost(): void {
    for (const each of this.kept) if ('suspend' in each) each.suspend(revocationsTopic);
  }
}

function revocationOf({ type, data }: StoredEvent): Revocation | undefined {
  if (type !== Revoked.$type) return undefined;
  try {
    const { what, before, until } = Revoked.decode(data);
    return what && before && until && { kind: what.$case, id: what.value, before: before.getTime(), until: until.getTime() };
  } catch {
    return undefined;
  }
}
