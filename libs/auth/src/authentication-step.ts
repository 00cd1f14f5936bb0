import type { Caller } from '@facet/context';
import type { HttpRequest } from './http-request.js';
import type { Verified } from './verified.js';

/** Credential: what a request shows of who is calling: the scheme of its `Authorization` header, and the token. */
export interface Credential {
  readonly scheme: 'bearer' | 'dpop';
  readonly text: string;
}

/** Attempt: one request on its way to being known. Steps read what the steps before them found, and write what they find. */
export interface Attempt {
  readonly request: HttpRequest;
  /** Where a step may answer something beside what the route does, such as a nonce. */
  readonly reply: { header(name: string, value: string): unknown };
  credential?: Credential | undefined;
  verified?: Verified | undefined;
  /** The members of the token's `cnf` (RFC 7800) whose key the client has shown to hold. */
  proven?: readonly (keyof NonNullable<Verified['confirmation']>)[] | undefined;
  caller?: Caller | undefined;
}

/**
 * AuthenticationStep: one named step of finding out who is calling. A BFF has an ordered table of them. It throws the ProblemError with which the request
 * is refused, once it was counted; it returns a promise only where it has to wait.
 */
export interface AuthenticationStep {
  readonly name: string;
  run(attempt: Attempt): void | Promise<void>;
}
