import type { Database } from '@facet/database';
import type { Selectable, Transaction } from 'kysely';

interface ProfileTable {
  id: string;
  username: string;
  name: string;
  about: string | null;
  avatar_url: string | null;
  email: string | null;
  created_at: Date;
  updated_at: Date;
}

export interface Tables {
  profile: ProfileTable;
}

export type Db = Database<Tables>;
export type Tx = Transaction<Tables>;
export type Profile = Selectable<ProfileTable>;
