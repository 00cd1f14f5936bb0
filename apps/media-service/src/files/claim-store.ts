import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '@facet/database';
import { StartFailure } from '@facet/service-kit';
import type { Db } from '../store/tables.js';

/**
 * Makes sure that this folder is the one whose files this database knows: the cleanup removes from it what the database does not know. Both bear the same mark, made
 * when both were empty. A StartFailure where they do not, as when a volume is not mounted, or the database is another one.
 */
export async function claimStore(db: Db, folder: string): Promise<void> {
  const mark = join(folder, 'store');
  const marked = await readFile(mark, 'utf8').catch(() => undefined);
  const stored = await db.selectFrom('store').select('id').executeTakeFirst();
  if (marked !== undefined && marked === stored?.id) return;

  const strangers = marked !== undefined && stored !== undefined;
  if (strangers || (stored && (await hasAttachments(db))) || (marked && (await hasFiles(folder)))) {
    throw new StartFailure(
      `MEDIA_DIR (${folder}) does not belong to this database: mount the folder that does, or take an empty one with an empty database.`,
    );
  }

  await db
    .insertInto('store')
    .values({ id: marked ?? newId(), singleton: true })
    .onConflict((conflict) => conflict.column('singleton').doNothing())
    .execute();
  const { id } = await db.selectFrom('store').select('id').executeTakeFirstOrThrow();
  await writeFile(mark, id, { mode: 0o600 });
}

async function hasAttachments(db: Db): Promise<boolean> {
  return (await db.selectFrom('attachment').select('id').limit(1).executeTakeFirst()) !== undefined;
}

async function hasFiles(folder: string): Promise<boolean> {
  return (await readdir(join(folder, 'files'))).length > 0;
}
