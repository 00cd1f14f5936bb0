/** Assurance: how sure we are who it is: by which proofs (`acr`, `amr`: OpenID Connect Core, section 2), and when they were given, in seconds of the epoch. */
export interface Assurance {
  readonly acr: string;
  readonly amr: readonly string[];
  readonly authenticatedAt: number;
}

/** Caller: who is calling, as established once at the edge and carried to every service. Immutable. */
export interface Caller {
  /** Account id of the person or bot; for `service`, the name of the program. */
  readonly subject: string;
  /** A `service` acts for itself and reads nothing on behalf of users. */
  readonly kind: 'user' | 'bot' | 'service';
  /** OAuth client that the caller uses. */
  readonly client: string;
  /** Granted scopes, such as `read:rooms`, sorted. */
  readonly scopes: readonly string[];
  /** `admin`, `moderator`, `user` or `guest`. */
  readonly roles: readonly string[];
  /** What the roles allow and the scopes cover, such as `message:create`, sorted. */
  readonly permissions: readonly string[];
  /** How a person proved who he is; absent for bots and services. */
  readonly assurance?: Assurance;
  /** Sign-in session, where there is one. */
  readonly session?: string;
  /** Id of the API key, where the caller came with one. */
  readonly key?: string;
  /** Id of the access token (`jti`), where the caller came with one. The edge alone knows it: services are not told. */
  readonly token?: string;
  /** When the credential was issued that the caller came with, in seconds of the epoch. */
  readonly issuedAt?: number;
}
