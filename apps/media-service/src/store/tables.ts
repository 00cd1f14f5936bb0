import type { Database } from '@facet/database';
import type { MembershipTables } from '@facet/memberships';
import type { Selectable, Transaction } from 'kysely';

interface AttachmentTable {
  id: string;
  owner_id: string;
  name: string;
  type: string;
  size: number;
  /** SHA-256, base64url. */
  hash: string;
  width: number | null;
  height: number | null;
  /** Widths, ascending. */
  thumbnails: number[];
  created_at: Date;
  /** The message that it was posted with, and that message's room; null before. */
  message_id: string | null;
  room_id: string | null;
}

/** Room that an upload under way may come to need, counted until then at the latest. */
interface UploadTable {
  id: string;
  owner_id: string;
  bytes: number;
  until: Date;
}

/** An attachment that is gone, while its files are not. */
interface RemovedFileTable {
  id: string;
  thumbnails: number[];
}

/** The mark of the folder that the files are in; one row. */
interface StoreTable {
  id: string;
  singleton: boolean;
}

export interface Tables extends MembershipTables {
  attachment: AttachmentTable;
  upload: UploadTable;
  removed_file: RemovedFileTable;
  store: StoreTable;
}

export type Db = Database<Tables>;
export type Tx = Transaction<Tables>;
export type Attachment = Selectable<AttachmentTable>;
