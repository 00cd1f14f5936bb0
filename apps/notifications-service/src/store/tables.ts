import type { Database } from '@facet/database';
import type { MembershipTables } from '@facet/memberships';
import type { Selectable, Transaction } from 'kysely';
import type { Reason } from '../recipients.js';

interface KnownUserTable {
  id: string;
  /** As `usernameKey` makes it. */
  username: string;
}

/** That something was said, and whether it counts as unread. */
interface KnownMessageTable {
  room_id: string;
  message_id: string;
  author_id: string;
  counts: boolean;
}

interface ReadMarkerTable {
  user_id: string;
  room_id: string;
  message_id: string;
}

interface NotificationTable {
  id: string;
  user_id: string;
  type: Reason;
  room_id: string;
  message_id: string;
  author_id: string;
  text: string;
  created_at: Date;
}

interface SeenMarkerTable {
  user_id: string;
  notification_id: string;
}

export interface Tables extends MembershipTables {
  known_user: KnownUserTable;
  known_message: KnownMessageTable;
  read_marker: ReadMarkerTable;
  notification: NotificationTable;
  seen_marker: SeenMarkerTable;
}

export type Db = Database<Tables>;
export type Tx = Transaction<Tables>;
export type KnownMessage = Selectable<KnownMessageTable>;
export type ReadMarkerRow = Selectable<ReadMarkerTable>;
export type NotificationRow = Selectable<NotificationTable>;
