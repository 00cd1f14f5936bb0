import { createHash } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '@facet/errors';

/** Bytes that have come and belong to nobody yet. */
export interface ReceivedFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256, base64url. */
  readonly hash: string;
}

const storageFull = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

/** nameOf: the name of an attachment's bytes, or of its thumbnail of that width. */
export function nameOf(id: string, width?: number): string {
  return width === undefined ? id : `${id}-${width}`;
}

/** The files of one upload, in a folder of their own until all of them are sound. */
export class IncomingFiles {
  constructor(
    private readonly folder: string,
    /** Where the files of an attachment have their place. */
    private readonly placeOf: (id: string) => string,
  ) {}

  async prepare(): Promise<this> {
    await mkdir(this.folder, { mode: 0o700 });
    return this;
  }

  pathOf(id: string, width?: number): string {
    return join(this.folder, nameOf(id, width));
  }

  /** Writes what comes, as it comes, at most so many bytes: a ProblemError beyond. */
  async receive(id: string, content: AsyncIterable<Buffer>, most: number): Promise<ReceivedFile> {
    const path = this.pathOf(id);
    const handle = await open(path, 'wx', 0o600);
    try {
      const hash = createHash('sha256');
      let size = 0;
      for await (const bytes of content) {
        size += bytes.length;
        if (size > most) throw new ProblemError('payload-too-large', { detail: `A file may have ${most} bytes.` });
        hash.update(bytes);
        await handle.appendFile(bytes);
      }
      return { path, size, hash: hash.digest('base64url') };
    } catch (error) {
      throw problemOf(error);
    } finally {
      await handle.close();
    }
  }

  /** Moves an attachment's files to their place once their bytes are on the disk, the original last. */
  async keep(id: string, widths: readonly number[]): Promise<void> {
    const place = this.placeOf(id);
    await mkdir(place, { recursive: true, mode: 0o700 });
    for (const width of [...widths, undefined]) {
      await sync(this.pathOf(id, width));
      await rename(this.pathOf(id, width), join(place, nameOf(id, width)));
    }
    await sync(place);
  }

  /** Removes what was not kept. */
  async discard(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What is written there, the names in a folder included, survives a loss of power. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function problemOf(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return storageFull.has(code) ? new ProblemError('dependency-unavailable', { cause: error, retryAfterSeconds: 30 }) : error;
}
