import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { stateAway } from './state-away.js';
import type { Kept, SharedState } from './shared-state.js';

/** A value lies behind its version, which has this many bytes. */
const versionBytes = 16;

const replaceIfVersion = `
if redis.call('GETRANGE', KEYS[1], 0, ${versionBytes - 1}) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

interface Commands extends Redis {
  replaceIfVersion(key: string, version: Buffer, value: Buffer, ttlMs: number): Promise<number>;
}

/** RedisStateOptions: which server, under which name, and how long a call may take. */
export interface RedisStateOptions {
  /** `redis://[user:password@]host:port[/database]`, `rediss://` for TLS. */
  readonly url: string;
  /** Begins each key, so that applications do not meet. */
  readonly application: string;
  readonly deadlineMs?: number;
}

/** RedisState: shared state in Redis, which forgets by itself. It must not evict what has not expired (`maxmemory-policy noeviction`). */
export class RedisState implements SharedState {
  readonly #redis: Commands;

  private constructor(redis: Redis) {
    this.#redis = redis as Commands;
  }

  /** Rejects where the server does not answer. */
  static async open({ url, application, deadlineMs = 2_000 }: RedisStateOptions): Promise<RedisState> {
    const redis = new Redis(url, {
      keyPrefix: `${application}:`,
      connectionName: application,
      connectTimeout: deadlineMs,
      commandTimeout: deadlineMs,
      // What was on its way when the connection broke is never sent again: an insert would then meet itself.
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
      scripts: { replaceIfVersion: { lua: replaceIfVersion, numberOfKeys: 1 } },
    });
    // A lost connection says so to whoever asks next.
    redis.on('error', () => undefined);
    const state = new RedisState(redis);
    try {
      await state.ping();
      return state;
    } catch (error) {
      redis.disconnect();
      throw error;
    }
  }

  async insert(key: string, value: Uint8Array, ttlMs: number): Promise<boolean> {
    return (await this.#ask((redis) => redis.set(key, withVersion(value), 'PX', whole(ttlMs), 'NX'))) === 'OK';
  }

  async get(key: string): Promise<Kept | undefined> {
    const stored = await this.#ask((redis) => redis.getBuffer(key));
    return stored ? { value: stored.subarray(versionBytes), version: versionOf(stored) } : undefined;
  }

  async replace(key: string, version: string, value: Uint8Array, ttlMs: number): Promise<string | undefined> {
    const next = withVersion(value);
    const replaced = await this.#ask((redis) => redis.replaceIfVersion(key, Buffer.from(version, 'base64url'), next, whole(ttlMs)));
    return replaced === 1 ? versionOf(next) : undefined;
  }

  async delete(key: string): Promise<boolean> {
    return (await this.#ask((redis) => redis.del(key))) === 1;
  }

  async ping(): Promise<void> {
    await this.#ask((redis) => redis.ping());
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
  }

  async #ask<Answer>(command: (redis: Commands) => Promise<Answer>): Promise<Answer> {
    try {
      return await command(this.#redis);
    } catch (error) {
      throw stateAway(error);
    }
  }
}

function withVersion(value: Uint8Array): Buffer {
  return Buffer.concat([randomBytes(versionBytes), value]);
}

function versionOf(stored: Buffer): string {
  return stored.toString('base64url', 0, versionBytes);
}

function whole(ttlMs: number): number {
  return Math.max(1, Math.ceil(ttlMs));
}
