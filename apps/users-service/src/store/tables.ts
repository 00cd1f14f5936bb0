import type { Database } from '@facet/database';
import type { Generated, Selectable, Transaction } from 'kysely';

interface ProfileTable {
  id: string;
  username: string;
  name: string;
  about: string | null;
  avatar_url: string | null;
  email: string | null;
  created_at: Date;
  updated_at: Date;
  /** Of who is gone: what is left is a tombstone. */
  deleted_at: Generated<Date | null>;
}

export interface Tables {
  profile: ProfileTable;
}

export type Db = Database<Tables>;
export type Tx = Transaction<Tables>;
export type Profile = Selectable<ProfileTable>;
export type NewProfile = Omit<Profile, 'deleted_at'>;
