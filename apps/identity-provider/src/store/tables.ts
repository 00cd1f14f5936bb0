import type { Role } from '@facet/auth';
import type { Database } from '@facet/database';
import type { JSONWebKeySet, JWK } from 'jose';
import type { ColumnType, Generated, Transaction } from 'kysely';
import type { PartnerAdminTable, PartnerKeyTable } from './partner-key-tables.js';
import type { LogoutNoticeTable, SessionClientTable } from './revocation-tables.js';

export interface AccountTable {
  id: string;
  username: string;
  /** Of a database from before addresses were sealed, until the next start. */
  email: string | null;
  email_sealed: Buffer | null;
  email_key_version: number | null;
  email_lookup: string | null;
  name: string;
  role: Role;
  kind: 'person' | 'bot';
  status: Generated<'active' | 'locked'>;
  created_at: Date;
  /** When all was ended that he was signed in with: what was proved before it counts no more. */
  sessions_not_before: Generated<Date | null>;
  /** Up to when whatever token speaks for him was revoked: newer ones say a later time. */
  tokens_not_before: Generated<Date | null>;
  /** Only one that was proved by a code. */
  phone_sealed: Generated<Buffer | null>;
  phone_key_version: Generated<number | null>;
  phone_since: Generated<Date | null>;
}

export interface PasswordTable {
  account_id: string;
  /** Argon2id, with its parameters. */
  hash: string;
  changed_at: Generated<Date>;
  /** How the code came that let somebody renew it, until a second step was proved in another way. */
  renewed_by: Generated<CodeWay | null>;
}

/** How a one-time code comes to somebody. */
export type CodeWay = 'mail' | 'sms';

/** Failures to sign in, by what they have in common: a keyed hash of the name that was tried, or of the address it was tried from. */
export interface AttemptTable {
  subject: string;
  failures: number;
  blocked_until: Date;
  last_at: Date;
}

export interface PartnerTable {
  client_id: string;
  /** SHA-256 of the secret. */
  secret_hash: string;
  bot_id: string;
  redirect_uris: Generated<string[]>;
  jwks: ColumnType<JSONWebKeySet | null, string | null | undefined, string | null>;
  /** The most that its tokens allow; null: whatever its bot's role does. */
  allowed_scopes: Generated<string[] | null>;
  /** Its tokens are bound to the certificate that it shows (RFC 8705). */
  certificate_bound: Generated<boolean>;
  /** Its authorization requests must be pushed (RFC 9126). */
  pushed_requests: Generated<boolean>;
  created_at: Generated<Date>;
  /** When it was shut out for good. */
  revoked_at: Generated<Date | null>;
}

export interface SigningKeyTable {
  kid: string;
  /** Of a database from before keys were sealed, until the next start. */
  private_jwk: ColumnType<JWK | null, string | undefined, null>;
  sealed: Buffer | null;
  key_version: number | null;
  state: 'next' | 'current' | 'retired';
  created_at: Generated<Date>;
  current_since: Date | null;
  retired_at: Date | null;
}

/** What oidc-provider keeps: sessions, grants, codes, refresh tokens. Ids are secrets of their holders, so only hashes of them are here. */
export interface OidcStateTable {
  model: string;
  id_hash: string;
  sealed: Buffer;
  key_version: number;
  grant_hash: string | null;
  uid_hash: string | null;
  user_code_hash: string | null;
  account_id: string | null;
  client_id: string | null;
  created_at: Generated<Date>;
  expires_at: Date;
  consumed_at: Date | null;
  /** When the person proved who he is, where it came of that. */
  signed_in_at: Date | null;
  /** Address and user agent of who kept it last. */
  from_sealed: Generated<Buffer | null>;
  from_key_version: Generated<number | null>;
}

/** A hash of a session's uid or of a grant that was ended, while something that was begun before might still keep it. */
export interface EndedStateTable {
  hash: string;
  until: Date;
}

export interface DemoMarkTable {
  id: true;
  seeded_at: Generated<Date>;
}

export interface MailTable {
  id: string;
  kind: Generated<'letter' | 'sms'>;
  sealed: Buffer;
  key_version: number;
  tries: Generated<number>;
  created_at: Generated<Date>;
  send_after: Generated<Date>;
  sent_at: Date | null;
}

/** A code that was sent for one purpose in one visit. Without an account or data it is for nobody, and never right. */
export interface ChallengeTable {
  visit_hash: string;
  purpose: 'sign-up' | 'reset' | 'second-factor' | 'second-code' | 'phone';
  account_id: string | null;
  /** Of the code in a letter. */
  code_hash: string;
  /** Of that in a text message, where one was sent. */
  sms_code_hash: string | null;
  sealed: Buffer | null;
  key_version: number | null;
  tries: Generated<number>;
  expires_at: Date;
  /** When the first step was right, where this is the second. */
  proven_at: Date | null;
}

export interface TotpTable {
  account_id: string;
  sealed: Buffer;
  key_version: number;
  /** Null until a first code was right. */
  confirmed_at: Date | null;
  /** The newest time step whose code was used: none is used twice. */
  last_step: Generated<number>;
}

export interface BackupCodeTable {
  account_id: string;
  code_hash: string;
  used_at: Date | null;
}

/** A passkey by its credential id. Nothing of it is secret: it verifies, and cannot sign. */
export interface PasskeyTable {
  id: string;
  account_id: string;
  /** As COSE has it. */
  public_key: Buffer;
  counter: number;
  transports: string[];
  name: string;
  created_at: Generated<Date>;
  used_at: Date | null;
}

/** What a passkey was asked in one visit. */
export interface PasskeyChallengeTable {
  visit_hash: string;
  purpose: 'enrol' | 'sign-in';
  /** Whose passkey is asked for; null: anybody's. */
  account_id: string | null;
  challenge_hash: string;
  expires_at: Date;
}

/** A keyed hash of a name that somebody gave back, while nobody else may take it. */
export interface HeldUsernameTable {
  name_hash: string;
  until: Date;
}

export const auditEvents = [
  'sign-up',
  'verification',
  'sign-in',
  'second-step',
  'password-reset',
  'factor-added',
  'factor-removed',
  'backup-codes-renewed',
  'session-ended',
  'account-closed',
  'consent',
  'client-authentication',
  'refresh-reuse',
  'keys-rotated',
  'demo-token',
  'partner-registered',
  'partner-changed',
  'partner-admin-added',
  'partner-admin-removed',
  'partner-key-created',
  'partner-key-revoked',
  'code',
  'account-locked',
  'account-unlocked',
  'role-changed',
  'client-revoked',
  'token-revoked',
] as const;
export type AuditEvent = (typeof auditEvents)[number];
/** `continued`: right so far, and something more is asked for. */
export type AuditOutcome = 'ok' | 'refused' | 'delayed' | 'continued';
export type AuditSubject =
  'password' | 'app' | 'backup-code' | 'passkey' | 'phone' | 'mail' | 'country' | 'browser' | 'application' | 'everything';

/** Rows are added, and never changed nor removed: a trigger refuses it. Only sealing anew is a change that it lets pass. */
export interface AuditEventTable {
  /** Ids sort by time. */
  id: string;
  at: Generated<Date>;
  event: AuditEvent;
  outcome: AuditOutcome;
  about: AuditSubject | null;
  /** An account, also one that is gone. */
  account_id: string | null;
  name_hash: string | null;
  client_id: string | null;
  request_id: string | null;
  /** Address and user agent. */
  sealed: Buffer | null;
  key_version: number | null;
  /** How often it happened: more than once where what was delayed is told of together. */
  count: Generated<number>;
}

/** What was delayed of one subject since the row that tells of it first, until another row tells how often. */
export interface AuditDelayedTable {
  /** A keyed hash: of an address, or of a name. */
  subject: string;
  event: AuditEvent;
  first_id: string;
  by_name: boolean;
  count: Generated<number>;
  until: Date;
}

/** How many codes went to one address, account or from one place: as the time at which none would count any more. */
export interface CodeLimitTable {
  /** A keyed hash. */
  subject: string;
  free_at: Date;
}

export interface Tables {
  account: AccountTable;
  partner: PartnerTable;
  signing_key: SigningKeyTable;
  demo_mark: DemoMarkTable;
  oidc_state: OidcStateTable;
  ended_state: EndedStateTable;
  session_client: SessionClientTable;
  logout_notice: LogoutNoticeTable;
  password: PasswordTable;
  attempt: AttemptTable;
  mail: MailTable;
  challenge: ChallengeTable;
  totp: TotpTable;
  backup_code: BackupCodeTable;
  passkey: PasskeyTable;
  passkey_challenge: PasskeyChallengeTable;
  audit_event: AuditEventTable;
  audit_delayed: AuditDelayedTable;
  code_limit: CodeLimitTable;
  held_username: HeldUsernameTable;
  partner_admin: PartnerAdminTable;
  partner_key: PartnerKeyTable;
}

export type Db = Database<Tables>;
export type Tx = Transaction<Tables>;
