import type { Database } from '@facet/database';
import type { MembershipTables } from '@facet/memberships';
import type { Selectable, Transaction } from 'kysely';
import type { Attachment, ReactionCount } from '../message.js';

interface MessageTable {
  id: string;
  room_id: string;
  author_id: string;
  client_id: string | null;
  type: 'text' | 'system';
  content: string;
  reply_to: string | null;
  reactions: readonly ReactionCount[];
  /** Null where there are none, as nearly always. */
  attachments: readonly Attachment[] | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  deleted_at: Date | null;
  edited: boolean;
}

interface MessageEventTable {
  message_id: string;
  version: number;
  type: string;
  at: Date;
  data: unknown;
}

interface ReactionTable {
  message_id: string;
  user_id: string;
  emoji: string;
}

interface KnownAttachmentTable {
  id: string;
  owner_id: string;
  name: string;
  type: string;
  size: number;
  width: number | null;
  height: number | null;
  thumbnails: readonly number[];
  /** The message that it was posted with. */
  message_id: string | null;
}

export interface Tables extends MembershipTables {
  message: MessageTable;
  message_event: MessageEventTable;
  reaction: ReactionTable;
  known_attachment: KnownAttachmentTable;
}

export type Db = Database<Tables>;
export type Tx = Transaction<Tables>;

/** A row of `message`, with how one viewer has reacted. */
export type MessageRow = Selectable<MessageTable> & { mine: string[] };

export type KnownAttachment = Selectable<KnownAttachmentTable>;
