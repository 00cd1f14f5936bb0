import type { Db } from '../store/tables.js';
import { loadSigningKeys, type SigningKey } from './signing-keys.js';
import type { Vault } from './vault.js';

/** The signing keys as this replica knows them. */
export class KeySet {
  readonly #listeners: (() => void)[] = [];

  private constructor(
    private readonly db: Db,
    private readonly vault: Vault,
    /** The one that signs comes first. */
    public keys: readonly SigningKey[],
  ) {}

  static async load(db: Db, vault: Vault): Promise<KeySet> {
    return new KeySet(db, vault, await loadSigningKeys(db, vault));
  }

  get current(): SigningKey {
    return this.keys[0]!;
  }

  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  async refresh(): Promise<void> {
    const keys = await loadSigningKeys(this.db, this.vault);
    const changed = keys.length !== this.keys.length || keys.some(({ kid }, index) => kid !== this.keys[index]!.kid);
    if (!changed) return;
    this.keys = keys;
    for (const listener of this.#listeners) listener();
  }
}
