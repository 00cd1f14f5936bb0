import { hash } from 'node:crypto';
import { ExpiringCache, Networks, newCaller, type PartnerKeyKind, type Revocations } from '@facet/auth';
import type { Caller } from '@facet/context';
import type { PartnerKey } from '@facet/contracts/keys';
import { ProblemError } from '@facet/errors';
import type { Identity } from './identity.js';

/** A key that is good, and whom it speaks for. */
export interface KnownKey {
  readonly id: string;
  readonly caller: Caller;
  /** From where it may be used; absent: from everywhere. */
  readonly networks: Networks | undefined;
}

const rememberedKeys = 10_000;
/** As long as an internal token lives: where no revocation reaches us, a key ends as late. */
const goodForMs = 60_000;
const unknownForMs = 30_000;
/** Keys that nobody made, by an address, in `unknownForMs`; who sends more guesses. */
const mostUnknown = 20;

/**
 * What identity-provider said of keys, by their SHA-256: that one is good for a minute, that there is no such key for half of one, a revocation ends it at once.
 * While it is away what is remembered serves until then, and nobody can say of any other key that it is wrong: `dependency-unavailable`. Each new key
 * is one question, however many ask at the same time, and an address that sends many keys that nobody made is not asked about for a while.
 */
export class KnownKeys {
  readonly #good = new ExpiringCache<KnownKey>(rememberedKeys);
  readonly #unknown = new ExpiringCache<true>(rememberedKeys);
  readonly #guesses = new ExpiringCache<{ count: number }>(rememberedKeys);
  readonly #asked = new Map<string, Promise<KnownKey | undefined>>();

  constructor(
    private readonly identity: Pick<Identity, 'verify'>,
    private readonly revocations: Pick<Revocations, 'covers'>,
    /** Keys of another kind are of another environment. */
    readonly kind: PartnerKeyKind,
  ) {}

  /** A key that is remembered as good: one hash and one look-up. */
  recall(key: string): KnownKey | undefined {
    return this.#good.get(nameOf(key));
  }

  /** The same, asked for where it is not remembered; nothing where there is no such key. `address`: who wants to know. */
  async find(key: string, address: string): Promise<KnownKey | undefined> {
    const name = nameOf(key);
    if (this.#unknown.get(name)) return undefined;
    if ((this.#guesses.get(address)?.count ?? 0) >= mostUnknown) throw tooManyGuesses();
    const asked = this.#asked.get(name) ?? this.#ask(name, key);
    const found = await asked;
    if (!found) this.#count(address);
    return found;
  }

  /** What such callers came with is asked about anew. */
  forgetCallers(isOver: (caller: Caller) => boolean): void {
    this.#good.deleteWhere(({ caller }) => isOver(caller));
  }

  #ask(name: string, key: string): Promise<KnownKey | undefined> {
    const asked = this.#answerAbout(name, key).finally(() => this.#asked.delete(name));
    this.#asked.set(name, asked);
    return asked;
  }

  async #answerAbout(name: string, key: string): Promise<KnownKey | undefined> {
    const { key: told, asOf } = await this.identity.verify(key).catch(away);
    if (!told || !asOf) {
      this.#unknown.set(name, true, Date.now() + unknownForMs);
      return undefined;
    }
    const known = knownKey(told, asOf);
    // What it stands on has changed in this very moment: what was seen may be of before.
    if (this.revocations.covers(known.caller)) return away(new Error('Its client or its bot has just been revoked'));
    this.#good.set(name, known, Math.min(Date.now() + goodForMs, told.expiresAt?.getTime() ?? 0));
    return known;
  }

  #count(address: string): void {
    const guesses = this.#guesses.get(address);
    if (guesses) guesses.count += 1;
    else this.#guesses.set(address, { count: 1 }, Date.now() + unknownForMs);
  }
}

function knownKey({ id, clientId: client, subject, scopes, roles, networks }: PartnerKey, asOf: Date): KnownKey {
  const caller = newCaller({ subject, kind: 'bot', client, scopes, roles, key: id, issuedAt: asOf.getTime() / 1_000 });
  return { id, caller, networks: networks.length > 0 ? new Networks(networks) : undefined };
}

/** Whatever went wrong on the way: the key is not. */
function away(cause: unknown): never {
  throw new ProblemError('dependency-unavailable', { retryAfterSeconds: 1, cause });
}

function tooManyGuesses(): ProblemError {
  const detail = 'Too many keys that do not exist came from this address.';
  return new ProblemError('quota-exceeded', { detail, retryAfterSeconds: unknownForMs / 1_000 });
}

function nameOf(key: string): string {
  return hash('sha256', key, 'base64');
}
