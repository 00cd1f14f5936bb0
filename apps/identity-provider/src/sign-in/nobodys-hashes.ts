import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { derivedKey } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import type { Argon2id } from './argon2id.js';

interface InUse {
  /** Of a hash with these parameters, as part of all. */
  readonly share: number;
  readonly hash: string;
}

const keptMs = 3_600_000;

/**
 * Hashes for who has none, so that refusing him takes as long. While passwords are hashed anew after a change of the parameters, some take longer than
 * others: so do those of nobody, as many of them, and each name always the same.
 */
export class NobodysHashes {
  readonly #key: Buffer;
  #known: { readonly until: number; readonly inUse: Promise<readonly InUse[]> } | undefined;

  constructor(
    private readonly argon2id: Argon2id,
    rootKey: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {
    this.#key = derivedKey(rootKey, 'nobody');
  }

  async of(db: Db, name: string): Promise<string> {
    if (!this.#known || this.#known.until <= this.now()) this.#known = { until: this.now() + keptMs, inUse: this.#load(db) };
    const inUse = await this.#known.inUse.catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    let at = createHmac('sha256', this.#key).update(name.trim().toLowerCase()).digest().readUInt32BE() / 2 ** 32;
    return (inUse.find(({ share }) => (at -= share) < 0) ?? inUse.at(-1)!).hash;
  }

  async #load(db: Db): Promise<readonly InUse[]> {
    const { rows } = await sql<{ parameters: string; count: number }>`
      select substring(hash from 'm=[0-9]+,t=[0-9]+,p=[0-9]+') as parameters, count(*)::int as count from password group by 1 order by 1`.execute(
      db,
    );
    const total = rows.reduce((sum, { count }) => sum + count, 0);
    if (total === 0) return [{ share: 1, hash: await this.argon2id.hash('') }];
    return Promise.all(
      rows.map(async ({ parameters, count }) => ({ share: count / total, hash: await this.argon2id.hash('', parameters) })),
    );
  }
}
