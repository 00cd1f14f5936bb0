import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { ProblemError } from '@facet/errors';
import { z } from 'zod';

const Metadata = z.object({ issuer: z.string(), jwks_uri: z.url() });
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() })) });

/** SigningKeysOptions: whose keys, and how often they are asked for. */
export interface SigningKeysOptions {
  /** Issuer URL; its discovery document names the key set. */
  readonly issuer: string;
  /** Where the key set is, for an issuer that is reached under another address than its name. */
  readonly jwksUri?: string;
  /** An unknown key makes us ask again at most once in this time. */
  readonly refetchMs?: number;
  /** After a failure, at most once in this time. */
  readonly retryMs?: number;
  /** Keys older than this are renewed while they still serve. */
  readonly maxAgeMs?: number;
  readonly timeoutMs?: number;
}

/**
 * SigningKeys: the public keys of an issuer by `kid` (OpenID Connect Discovery, RFC 7517), asked for when first needed and kept. Known keys serve on while
 * the issuer is away; a key that was never seen is then `dependency-unavailable`, since nobody can say whether it is good.
 */
export class SigningKeys {
  readonly #options: Required<Omit<SigningKeysOptions, 'jwksUri'>>;
  #jwksUri: string | undefined;
  #keys = new Map<string, KeyObject>();
  #fetchedAt = 0;
  #mayAskAt = 0;
  #failure: unknown;
  #asking: Promise<void> | undefined;

  constructor({ issuer, jwksUri, refetchMs = 30_000, retryMs = 1_000, maxAgeMs = 600_000, timeoutMs = 2_000 }: SigningKeysOptions) {
    this.#options = { issuer, refetchMs, retryMs, maxAgeMs, timeoutMs };
    this.#jwksUri = jwksUri;
  }

  /** Whether the issuer has this key, as far as is known without asking. */
  has(kid: string): boolean {
    return this.#keys.has(kid);
  }

  /** The key, or nothing where the issuer has none of this name. Throws `dependency-unavailable` where the issuer could not be asked. */
  async find(kid: string): Promise<KeyObject | undefined> {
    const known = this.#keys.get(kid);
    if (known) {
      if (Date.now() - this.#fetchedAt > this.#options.maxAgeMs) void this.#ask();
      return known;
    }
    await this.#ask();
    const key = this.#keys.get(kid);
    if (!key && this.#failure) {
      throw new ProblemError('dependency-unavailable', { retryAfterSeconds: 1, cause: this.#failure });
    }
    return key;
  }

  /** Asks the issuer, unless that was done just now; never rejects. Whoever comes meanwhile waits for the same answer. */
  #ask(): Promise<void> {
    if (this.#asking) return this.#asking;
    if (Date.now() < this.#mayAskAt) return Promise.resolve();
    this.#asking = this.#fetchKeys()
      .then(
        (keys) => {
          this.#keys = keys;
          this.#fetchedAt = Date.now();
          this.#mayAskAt = Date.now() + this.#options.refetchMs;
          this.#failure = undefined;
        },
        (failure: unknown) => {
          this.#mayAskAt = Date.now() + this.#options.retryMs;
          this.#failure = failure;
        },
      )
      .finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #fetchKeys(): Promise<Map<string, KeyObject>> {
    this.#jwksUri ??= await this.#discover();
    const { keys } = KeySet.parse(await this.#get(this.#jwksUri));
    return new Map(keys.flatMap((jwk) => (isForSigning(jwk) ? [[jwk.kid ?? '', publicKeyOf(jwk)]] : [])));
  }

  async #discover(): Promise<string> {
    const { issuer } = this.#options;
    const metadata = Metadata.parse(await this.#get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`));
    if (metadata.issuer !== issuer) throw new Error(`${issuer} calls itself ${metadata.issuer}`);
    return metadata.jwks_uri;
  }

  async #get(url: string): Promise<unknown> {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(this.#options.timeoutMs),
      redirect: 'error',
      headers: { accept: 'application/json' },
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.json();
  }
}

function isForSigning({ kty, use }: { kty: string; use?: string | undefined }): boolean {
  return (kty === 'EC' || kty === 'RSA') && (use === undefined || use === 'sig');
}

function publicKeyOf(jwk: object): KeyObject {
  return createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' });
}
