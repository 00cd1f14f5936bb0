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
  /** Sign-in session, where there is one. */
  readonly session?: string;
}
