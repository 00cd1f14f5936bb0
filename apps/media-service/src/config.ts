import { brokerSettings, loadConfig, milliseconds, port, processSettings, sharedKeys } from '@facet/config';
import { z } from 'zod';

const mebibyte = 1024 * 1024;
const bytes = z.coerce.number().int().positive();

const Settings = z.object({
  ...processSettings,
  ...brokerSettings,
  PORT: port.default(5080),
  DATABASE_URL: z.url(),
  INTERNAL_KEYS: sharedKeys,
  /** Where the files are; the same for all replicas. */
  MEDIA_DIR: z.string().min(1),
  MAX_FILES: z.coerce.number().int().positive().default(10),
  MAX_FILE_BYTES: bytes.default(25 * mebibyte),
  MAX_REQUEST_BYTES: bytes.default(50 * mebibyte),
  /** Of one user, in files that no message has. */
  MAX_UNPOSTED_BYTES: bytes.default(200 * mebibyte),
  /** After so long, a file that no message has goes. */
  UNPOSTED_MS: milliseconds.default(24 * 3_600_000),
  /** Of an image; of a baseline JPEG, which is decoded piece by piece, four times as many. The others take some 6 bytes each. */
  MAX_PIXELS: z.coerce.number().int().positive().default(25_000_000),
  /** Images that are decoded at a time; each may take the memory of its pixels. */
  IMAGES_AT_ONCE: z.coerce.number().int().positive().default(1),
  /** The longest that one upload may take. */
  UPLOAD_MS: milliseconds.default(120_000),
  /** Between two rounds of cleaning up. */
  CLEANUP_MS: milliseconds.default(60_000),
});

export type Config = z.infer<typeof Settings>;

export const readConfig = (): Config => loadConfig(Settings);
