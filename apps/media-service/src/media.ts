import type { Clock } from './clock.js';
import type { Config } from './config.js';
import type { FileStore } from './files/file-store.js';
import type { Images } from './files/images.js';
import type { Db } from './store/tables.js';

/** What may be uploaded, and how much. */
export type Limits = Pick<Config, 'MAX_FILES' | 'MAX_FILE_BYTES' | 'MAX_REQUEST_BYTES' | 'MAX_UNPOSTED_BYTES' | 'UPLOAD_MS'>;

/** What the endpoints work on. */
export abstract class Media {
  abstract readonly db: Db;
  abstract readonly files: FileStore;
  abstract readonly images: Images;
  abstract readonly clock: Clock;
  abstract readonly limits: Limits;
  /** Files of attachments that are gone need not wait for the next round. */
  abstract cleanUpSoon(): void;
}
