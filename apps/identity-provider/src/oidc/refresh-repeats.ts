import { setTimeout as sleep } from 'node:timers/promises';
import { hash } from 'node:crypto';
import type { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { StateAdapter } from './state-adapter.js';

type Parameters = Readonly<Record<string, unknown>>;
/** What a used token was answered with: whether it was asked for by the same request, and the answer. */
export interface Kept {
  readonly same: boolean;
  readonly answer: object;
}

interface Answer {
  readonly fingerprint: string;
  readonly answer: object;
  readonly until: number;
}

export const repeatSeconds = 10;
const waitMs = 2_000;
const stepMs = 50;

/**
 * Answers to refreshes that rotated a token, sealed, for as long as a client may ask the same again: an answer that was lost on its way, or a second
 * request of the same moment, must not look like the use of a stolen token. Whoever asks has proved by then that the token is his.
 */
export class RefreshRepeats {
  readonly #answers: StateAdapter;

  constructor(
    db: Db,
    vault: Vault,
    private readonly now: () => number = Date.now,
  ) {
    this.#answers = new StateAdapter(db, vault, 'RefreshAnswer');
  }

  async keep(parameters: Parameters, answer: object): Promise<void> {
    const until = this.now() + repeatSeconds * 1_000;
    await this.#answers.upsert(tokenOf(parameters), { fingerprint: fingerprintOf(parameters), answer, until }, repeatSeconds);
  }

  /** The answer that the token got before, while a repeat may have it. Whoever comes while it is being made waits for it. */
  async find(parameters: Parameters): Promise<Kept | undefined> {
    for (let waited = 0; waited < waitMs; waited += stepMs) {
      const kept = (await this.#answers.find(tokenOf(parameters))) as Answer | undefined;
      if (kept) return kept.until > this.now() ? { same: kept.fingerprint === fingerprintOf(parameters), answer: kept.answer } : undefined;
      await sleep(stepMs);
    }
    return undefined;
  }
}

function tokenOf({ refresh_token }: Parameters): string {
  return String(refresh_token);
}

function fingerprintOf(parameters: Parameters): string {
  const asked = ['client_id', 'grant_type', 'refresh_token', 'scope', 'resource'].map((name) => parameters[name] ?? null);
  return hash('sha256', JSON.stringify(asked), 'base64url');
}
