import { hash, verify, type Options } from '@node-rs/argon2';
import type { Config } from '../config.js';

export type Argon2idSettings = Pick<Config, 'ARGON2_MEMORY_KIB' | 'ARGON2_ITERATIONS' | 'ARGON2_PARALLELISM'>;

/** Argon2id (RFC 9106) with the parameters of the configuration. */
export class Argon2id {
  readonly #options: Options;
  readonly #prefix: string;

  constructor({ ARGON2_MEMORY_KIB, ARGON2_ITERATIONS, ARGON2_PARALLELISM }: Argon2idSettings) {
    this.#options = { memoryCost: ARGON2_MEMORY_KIB, timeCost: ARGON2_ITERATIONS, parallelism: ARGON2_PARALLELISM };
    this.#prefix = `$argon2id$v=19$m=${ARGON2_MEMORY_KIB},t=${ARGON2_ITERATIONS},p=${ARGON2_PARALLELISM}$`;
  }

  /** With other parameters where they are given, such as `m=19456,t=2,p=1`. */
  hash(password: string, parameters?: string): Promise<string> {
    return hash(password, parameters === undefined ? this.#options : optionsOf(parameters));
  }

  verify(hashed: string, password: string): Promise<boolean> {
    return verify(hashed, password);
  }

  /** It was made with the parameters of today. */
  isCurrent(hashed: string): boolean {
    return hashed.startsWith(this.#prefix);
  }
}

function optionsOf(parameters: string): Options {
  const [memoryCost, timeCost, parallelism] = parameters.match(/\d+/g)!.map(Number) as [number, number, number];
  return { memoryCost, timeCost, parallelism };
}
