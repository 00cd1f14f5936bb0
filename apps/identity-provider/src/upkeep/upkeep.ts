import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { AuditTrail } from '../audit/audit-trail.js';
import { tellOfDelays } from '../audit/tell-of-delays.js';
import type { KeySet } from '../keys/key-set.js';
import { forgetRetiredKeys, rotateIfDue } from '../keys/signing-keys.js';
import type { Vault } from '../keys/vault.js';
import type { PostOffice } from '../mail/post-office.js';
import type { Db } from '../store/tables.js';
import { removeExpired } from './remove-expired.js';

export interface UpkeepOptions {
  readonly db: Db;
  readonly vault: Vault;
  readonly audit: AuditTrail;
  readonly keySet: KeySet;
  readonly postOffice: PostOffice | undefined;
  readonly signingKeyDays: number;
}

const everyMs = 30_000;

/** What every replica does now and then: it rotates keys that are old, learns which keys there are, sends the letters that wait, and removes what has expired. */
@Injectable()
export class Upkeep implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #logger = new Logger('upkeep');
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(private readonly options: UpkeepOptions) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => (this.#running = this.run()), everyMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Never rejects: what failed is tried again the next time. */
  async run(): Promise<void> {
    const { db, vault, audit, keySet, postOffice, signingKeyDays } = this.options;
    await this.#attempt('rotation of the signing keys', async () => {
      if (await rotateIfDue(db, vault, { afterDays: signingKeyDays })) this.#logger.log('The signing keys were rotated');
    });
    await this.#attempt('reading of the signing keys', () => keySet.refresh());
    await postOffice?.deliver();
    await this.#attempt('counting of what was delayed', () => tellOfDelays(db, audit));
    await this.#attempt('removal of what has expired', async () => {
      await forgetRetiredKeys(db);
      await removeExpired(db);
    });
  }

  async #attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.warn({ error }, `The ${what} failed and is tried again`);
    }
  }
}
