import type { Role } from '@facet/auth';
import type { Database } from '@facet/database';
import type { JWK } from 'jose';
import type { ColumnType, Generated } from 'kysely';

export interface AccountTable {
  id: string;
  username: string;
  email: string | null;
  name: string;
  role: Role;
  kind: 'person' | 'bot';
  created_at: Date;
}

export interface PartnerTable {
  client_id: string;
  /** SHA-256 of the secret. */
  secret_hash: string;
  bot_id: string;
  created_at: Generated<Date>;
}

export interface SigningKeyTable {
  kid: string;
  private_jwk: ColumnType<JWK, string, never>;
  created_at: Generated<Date>;
}

export interface DemoMarkTable {
  id: true;
  seeded_at: Generated<Date>;
}

export interface Tables {
  account: AccountTable;
  partner: PartnerTable;
  signing_key: SigningKeyTable;
  demo_mark: DemoMarkTable;
}

export type Db = Database<Tables>;
