import { randomBytes } from 'node:crypto';
import { ExpiringCache, type IsOver } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { decodeJwt } from 'jose';
import type { Tokens } from './issuer-client.js';
import { refreshSession, replacementOf, type RefreshOptions } from './refresh-session.js';
import type { SessionIndex } from './session-index.js';
import { callerOf, newRecord, type SessionRecord } from './session-record.js';
import { SessionStore, type Stored } from './session-store.js';

const remembered = 10_000;
/** A session that another replica ended, and nobody told us of, is found out after this. */
const lookAgainMs = 30_000;
/** While an old token serves although it should be replaced. */
const meanwhileMs = 1_000;
/** A token that ends within this is not handed out any more: it might on its way. */
const tooLateMs = 2_000;

/** A session as requests use it. */
export interface Session {
  readonly record: SessionRecord;
  /** When it ends if nobody uses it, in milliseconds of the epoch. */
  readonly endsAt: number;
}

export interface SessionsOptions extends RefreshOptions {
  readonly index: SessionIndex;
  readonly report: (failure: unknown, message: string) => void;
}

/** The sessions of browsers, by the id in their cookie. One that is in use is remembered, so that a request costs one look-up; the store decides. */
export class Sessions {
  readonly #warm = new ExpiringCache<Session>(remembered);
  readonly #looking = new Map<string, Promise<Session | undefined>>();
  readonly #refreshing = new Map<string, Promise<Stored | undefined>>();
  readonly #options: SessionsOptions;
  readonly #now: () => number;
  /** Counts what was ended: whoever read the store before may have seen what is no longer so. */
  #endings = 0;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => Date.now());
  }

  /** Begins a session, always with a new id, which it returns. Rejects where the issuer has ended meanwhile what it stands on. */
  async begin(tokens: Tokens): Promise<string> {
    const { store, index } = this.#options;
    const id = randomBytes(32).toString('base64url');
    const key = SessionStore.keyOf(id);
    const record = newRecord(tokens, this.#now());
    const { iat } = decodeJwt(record.idToken);
    await store.insert(key, record);
    const lines = await Promise.all(namesOf(record).map((name) => index.add(name, key, iat!)));
    await Promise.all(lines.flatMap(({ crowdedOut }) => crowdedOut).map((old) => store.delete(old)));
    if (lines.every(({ stands }) => stands)) return id;
    await store.delete(key);
    throw new ProblemError('unauthenticated', { detail: 'The sign-in was ended before it was complete.' });
  }

  /** The session of an id with an access token that serves; at once where it is remembered. Throws `dependency-unavailable` where only the issuer could give one. */
  find(id: string): Session | Promise<Session | undefined> {
    const warm = this.#warm.get(id);
    if (warm) return warm;
    let looking = this.#looking.get(id);
    if (!looking) {
      looking = this.#look(id).finally(() => this.#looking.delete(id));
      this.#looking.set(id, looking);
    }
    return looking;
  }

  /** Ends one session. What it was comes back, for the issuer to be told. */
  async end(id: string): Promise<SessionRecord | undefined> {
    const { store } = this.#options;
    const key = SessionStore.keyOf(id);
    const stored = await store.read(key);
    await store.delete(key);
    this.#endings += 1;
    this.#warm.delete(id);
    return stored?.record;
  }

  /** Ends all sessions that the issuer means: those of one of its own sessions, or of a person, that began up to that second. */
  async endAll(means: { readonly sid: string } | { readonly subject: string }, endedAt: number): Promise<void> {
    const { store, index } = this.#options;
    const keys = await index.end(nameOf(means), endedAt);
    await Promise.all(keys.map((key) => store.delete(key)));
    this.forgetCallers(({ session, subject }) => ('sid' in means ? session === means.sid : subject === means.subject));
  }

  /** What is remembered of such callers is asked for again: their sessions have ended, or need other tokens. */
  forgetCallers(isOver: IsOver): void {
    this.#endings += 1;
    this.#warm.deleteWhere(({ record }) => isOver(callerOf(record)));
  }

  async #look(id: string): Promise<Session | undefined> {
    const { store } = this.#options;
    const endings = this.#endings;
    const key = SessionStore.keyOf(id);
    const stored = await store.read(key);
    const served = stored && (await this.#serve(key, stored));
    if (!served) return undefined;
    const { record, untilMs } = served;
    const session: Session = { record, endsAt: store.endsAt(record) };
    if (endings === this.#endings) this.#warm.set(id, session, untilMs);
    return session;
  }

  /** The session with an access token that is good, and until when that need not be asked again. */
  async #serve(key: string, stored: Stored): Promise<{ readonly record: SessionRecord; readonly untilMs: number } | undefined> {
    const now = this.#now();
    const lookAgainAt = now + Math.min(lookAgainMs, this.#options.store.life.idleMs / 2);
    const { record } = stored;
    const replacement = replacementOf(this.#options, record);
    if (!replacement) {
      this.#noteUse(key, stored);
      return { record, untilMs: Math.min(lookAgainAt, record.refreshAt) };
    }
    const refreshing = this.#refresh(key, stored);
    if (replacement === 'soon' && record.expiresAt - tooLateMs > now) {
      refreshing.catch((failure: unknown) => this.#options.report(failure, 'A session could not be refreshed yet'));
      return { record, untilMs: now + meanwhileMs };
    }
    const next = await refreshing;
    return next && { record: next.record, untilMs: Math.min(lookAgainAt, next.record.refreshAt) };
  }

  #refresh(key: string, stored: Stored): Promise<Stored | undefined> {
    const known = this.#refreshing.get(key);
    if (known) return known;
    const refreshing = refreshSession(this.#options, key, stored).finally(() => this.#refreshing.delete(key));
    this.#refreshing.set(key, refreshing);
    return refreshing;
  }

  /** Moves the end of an idle session, not at each request. Where somebody else changed it at this very moment, it was used as well. */
  #noteUse(key: string, { record, version }: Stored): void {
    const { store, report } = this.#options;
    const now = this.#now();
    if (record.lease || now - record.usedAt < Math.min(60_000, store.life.idleMs / 10)) return;
    store
      .replace(key, version, { ...record, usedAt: now })
      .catch((failure: unknown) => report(failure, 'The use of a session was not noted'));
  }
}

function namesOf({ subject, sid }: SessionRecord): string[] {
  return [nameOf({ subject }), ...(sid === undefined ? [] : [nameOf({ sid })])];
}

function nameOf(means: { readonly sid: string } | { readonly subject: string }): string {
  return 'sid' in means ? `sid ${means.sid}` : `subject ${means.subject}`;
}
