import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Caller } from '@facet/context';
import { answeredError, issuerAway, type Tokens } from './issuer-client.js';
import { callerOf, refreshed, type SessionRecord } from './session-record.js';
import type { SessionStore, Stored } from './session-store.js';

/** Longer than the issuer is waited for, discovery included. A holder that has not finished by then never will. */
const leaseMs = 7_000;
const patienceMs = 7_500;
const pollMs = 40;

/** Who refreshes: the part of the issuer's client that is needed for it. */
export interface RefreshesTokens {
  refresh(refreshToken: string): Promise<Tokens>;
}

export interface RefreshOptions {
  readonly store: SessionStore;
  readonly issuer: RefreshesTokens;
  /** Whether what was issued to this caller is good no more. */
  readonly isRevoked: (caller: Caller) => boolean;
  readonly now?: () => number;
}

/** Why an access token must be replaced: at once where it was revoked, soon where it is about to end. Another one of the same second would be no better. */
export function replacementOf({ isRevoked, now = Date.now }: RefreshOptions, record: SessionRecord): 'at once' | 'soon' | undefined {
  if (Math.floor(now() / 1_000) > record.issuedAt && isRevoked(callerOf(record))) return 'at once';
  return record.refreshAt <= now() ? 'soon' : undefined;
}

/**
 * Gives a session new tokens: of all replicas that want this at once, one asks the issuer, the others wait for what it gets. Who may ask has put a lease into
 * the session by compare-and-set; nothing is locked while the issuer is asked. A holder that dies loses its lease after a while, and nobody loses anything: a
 * confidential client's refresh token is not used up. Resolves to nothing where the session has ended. Throws `dependency-unavailable` where the issuer is away.
 */
export async function refreshSession(options: RefreshOptions, key: string, seen: Stored): Promise<Stored | undefined> {
  const { store, now = Date.now } = options;
  const until = now() + patienceMs;
  for (let current: Stored | undefined = seen; current; current = await store.read(key)) {
    const { record, version } = current;
    if (!replacementOf(options, record)) return current;
    if (record.lease && record.lease.until > now()) {
      if (now() >= until) throw issuerAway(new Error('Another replica is asking the issuer for too long'));
      await pause(pollMs * (0.5 + Math.random()));
      continue;
    }
    const leased = { ...record, lease: { holder: randomUUID(), until: now() + leaseMs } };
    const mine = await store.replace(key, version, leased);
    if (mine === undefined) continue;
    const outcome = await carryOut(options, key, { record: leased, version: mine });
    if (outcome !== 'overtaken') return outcome;
  }
  return undefined;
}

/** With the lease: asks, and puts what comes into the place of the lease, and of nothing else. */
async function carryOut(
  { store, issuer, now = Date.now }: RefreshOptions,
  key: string,
  { record, version }: Stored,
): Promise<Stored | undefined | 'overtaken'> {
  const tokens = await askIssuer(issuer, record).catch(async (failure: unknown) => {
    // The others need not wait for the lease to end.
    await store.replace(key, version, { ...record, lease: undefined }).catch(() => undefined);
    throw issuerAway(failure);
  });
  if (tokens === 'ended') {
    await store.delete(key);
    return undefined;
  }
  const next = refreshed(record, tokens, now());
  const stored = await store.replace(key, version, next);
  return stored === undefined ? 'overtaken' : { record: next, version: stored };
}

async function askIssuer(issuer: RefreshesTokens, { refreshToken }: SessionRecord): Promise<Tokens | 'ended'> {
  if (refreshToken === undefined) return 'ended';
  try {
    return await issuer.refresh(refreshToken);
  } catch (failure) {
    // The issuer's own word that the session is over. Whatever else it says is about us, and no reason to sign anybody out.
    if (answeredError(failure) === 'invalid_grant') return 'ended';
    throw failure;
  }
}
