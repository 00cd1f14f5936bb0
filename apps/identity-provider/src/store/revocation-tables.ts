import type { Generated } from 'kysely';

/** A client at which somebody is signed in by way of a browser's session: what its tokens call that session, and what it is here. */
export interface SessionClientTable {
  /** As tokens and logout tokens say it. */
  sid: string;
  client_id: string;
  uid_hash: string;
  grant_hash: string | null;
  account_id: string | null;
  /** The client stays signed in when the browser's session ends. */
  outlives: boolean;
  /** The client wants to be told when it ends. */
  tell: boolean;
  expires_at: Date;
}

/** A client that is to be told that a session of it has ended (OpenID Connect Back-Channel Logout), until it knows. */
export interface LogoutNoticeTable {
  id: string;
  client_id: string;
  account_id: string;
  sid: string;
  tries: Generated<number>;
  created_at: Generated<Date>;
  send_after: Generated<Date>;
}
