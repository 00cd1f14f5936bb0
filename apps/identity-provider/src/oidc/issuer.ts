import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { KeySet } from '../keys/key-set.js';
import type { SigningKey } from '../keys/signing-keys.js';

/** oidc-provider with the signing keys of the moment. It keeps nothing itself, so a new set of keys is a new provider; requests under way end with the old one. */
export class Issuer {
  #provider: Provider;
  #answer: ReturnType<Provider['callback']>;

  constructor(
    readonly name: string,
    keySet: KeySet,
    create: (keys: readonly SigningKey[]) => Provider,
  ) {
    this.#provider = create(keySet.keys);
    this.#answer = this.#provider.callback();
    keySet.onChange(() => {
      this.#provider = create(keySet.keys);
      this.#answer = this.#provider.callback();
    });
  }

  get provider(): Provider {
    return this.#provider;
  }

  /** Everything that the library says of addresses is said after the issuer's own name: a request's Host may be chosen by anybody. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    this.prepare(request);
    void this.#answer(request, response);
  }

  prepare(request: IncomingMessage): void {
    const { protocol, host } = new URL(this.name);
    Object.assign(request.headers, { 'x-forwarded-proto': protocol.slice(0, -1), 'x-forwarded-host': host });
  }
}
