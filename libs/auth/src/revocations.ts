import type { Caller } from '@facet/context';

/** Revocation: what has ended before its time. Times are in milliseconds of the epoch. */
export interface Revocation {
  /** A sign-in session, all that a subject or a client came with so far, one token by its `jti`, or an API key. */
  readonly kind: 'session' | 'subject' | 'client' | 'token' | 'key';
  readonly id: string;
  /** When. Of a session, a subject or a client, what was issued up to then has ended: a browser may sign in again in the same session of the issuer. */
  readonly before: number;
  /** From then on nothing is left that it could concern. */
  readonly until: number;
}

/** IsOver: whether a caller is nobody any more. */
export type IsOver = (caller: Caller) => boolean;

/** RevocationListener: is told of each revocation as the question whom it concerns, for whoever remembers callers. */
export type RevocationListener = (isOver: IsOver) => void;

/** revocationLivesMs: for how long a revocation can concern anything: a development token's hour, and some minutes for internal tokens and clocks that differ. */
export const revocationLivesMs = 66 * 60_000;

type Rule = Pick<Revocation, 'before' | 'until'>;

const usualLimit = 50_000;

/**
 * Revocations: which callers are nobody any more, though what they came with has not expired. Bounded: where there is no room, the oldest revocation becomes
 * a coarser one: whatever was issued up to its time has ended, whoever came with it, and is to be asked for anew. So nothing that was revoked comes to life.
 * A caller whose credential bears no time counts as of before. Services that act for themselves cannot be revoked.
 */
export class Revocations {
  readonly #rules: Readonly<Record<Revocation['kind'], Map<string, Rule>>> = {
    session: new Map(),
    subject: new Map(),
    client: new Map(),
    token: new Map(),
    key: new Map(),
  };
  readonly #listeners = new Set<RevocationListener>();
  readonly #open = new Set<{ readonly caller: Caller; readonly end: () => void }>();
  #everything: Rule | undefined;
  #any = false;

  constructor(
    private readonly limit = usualLimit,
    private readonly now: () => number = Date.now,
  ) {}

  /** How many are kept one by one. */
  get size(): number {
    return Object.values(this.#rules).reduce((size, rules) => size + rules.size, 0);
  }

  /** How much is open that would end with its caller. */
  get openFor(): number {
    return this.#open.size;
  }

  /** The same one twice is one; whoever listens is told once. */
  revoke(revocation: Revocation): void {
    const { kind, id, before, until } = revocation;
    if (until <= this.now()) return;
    const rules = this.#rules[kind];
    const known = rules.get(id);
    if (known && known.before >= before && known.until >= until) return;
    rules.delete(id);
    rules.set(id, { before: Math.max(before, known?.before ?? 0), until: Math.max(until, known?.until ?? 0) });
    this.#any = true;
    this.#tell((caller) => caller[kind] === id && (!bySpan(kind) || this.#ends(rules.get(id), caller)));
    this.#makeRoom();
  }

  /** Whatever was issued up to a time has ended: for who cannot tell what it was. */
  revokeAll(before: number): void {
    this.#endAll({ before, until: before + revocationLivesMs });
  }

  /** Whether the caller is nobody any more: some look-ups, and none before the first revocation. */
  covers(caller: Caller): boolean {
    if (!this.#any || caller.kind === 'service') return false;
    if (this.#everything && this.#ends(this.#everything, caller)) return true;
    const { session, subject, client, key, token } = this.#rules;
    return (
      this.#ends(session.get(caller.session!), caller) ||
      this.#stands(key.get(caller.key!)) ||
      this.#ends(subject.get(caller.subject), caller) ||
      this.#ends(client.get(caller.client), caller) ||
      (token.size > 0 && this.#stands(token.get(caller.token!)))
    );
  }

  /** Has the listener told of every revocation from now on, until the function that this returns is called. */
  onRevoked(listener: RevocationListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Calls `end` as soon as the caller is revoked, once; at once where it is so already. For whatever stays open: streams, uploads, sockets. To be let go, by
   * the function that this returns, when it has ended by itself.
   */
  whenRevoked(caller: Caller, end: () => void): () => void {
    const open = { caller, end };
    if (this.covers(caller)) end();
    else this.#open.add(open);
    return () => void this.#open.delete(open);
  }

  #stands(rule: Rule | undefined): boolean {
    return rule !== undefined && rule.until > this.now();
  }

  /** Tokens say the second in which they were issued: one of the very second of the revocation may be of before, and has ended. */
  #ends(rule: Rule | undefined, { issuedAt = 0 }: Caller): boolean {
    return rule !== undefined && issuedAt * 1_000 <= rule.before && this.#stands(rule);
  }

  #tell(isOver: IsOver): void {
    const known = (caller: Caller) => caller.kind !== 'service' && isOver(caller);
    for (const listener of this.#listeners) listener(known);
    for (const open of this.#open) {
      if (!known(open.caller)) continue;
      this.#open.delete(open);
      open.end();
    }
  }

  /** The first of each kind is the oldest, for all live equally long. */
  #makeRoom(): void {
    for (const rules of Object.values(this.#rules)) {
      for (const [id, { until }] of rules) {
        if (until > this.now()) break;
        rules.delete(id);
      }
    }
    while (this.size > this.limit) this.#coarsen();
  }

  #coarsen(): void {
    const oldest = Object.values(this.#rules)
      .flatMap((rules) => firstOf(rules) ?? [])
      .reduce((one, other) => (other.rule.before < one.rule.before ? other : one));
    oldest.rules.delete(oldest.id);
    this.#endAll(oldest.rule);
  }

  #endAll({ before, until }: Rule): void {
    const everything = { before: Math.max(before, this.#everything?.before ?? 0), until: Math.max(until, this.#everything?.until ?? 0) };
    this.#everything = everything;
    this.#any = true;
    this.#tell((caller) => this.#ends(everything, caller));
  }
}

/** Of which what was issued later goes on. */
function bySpan(kind: Revocation['kind']): boolean {
  return kind === 'session' || kind === 'subject' || kind === 'client';
}

function firstOf(rules: Map<string, Rule>) {
  const [first] = rules;
  return first && { rules, id: first[0], rule: first[1] };
}
