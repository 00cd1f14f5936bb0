import type { Database } from '@facet/database';
import type { MembershipTables } from '@facet/memberships';

export interface Tables extends MembershipTables {
  lease: { user_id: string; status: 'online' | 'away'; expires_at: Date };
  typing: { room_id: string; user_id: string; expires_at: Date };
}

export type Db = Database<Tables>;
