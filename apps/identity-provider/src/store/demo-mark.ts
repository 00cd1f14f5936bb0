import { StartFailure } from '@facet/service-kit';
import type { Db } from './tables.js';

/** The demo world's passwords and secrets are public: the mark keeps a database that holds it out of production for good. */
export async function markAsDemo(db: Db): Promise<void> {
  await db
    .insertInto('demo_mark')
    .values({ id: true })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function refuseDemoDatabase(db: Db): Promise<void> {
  const mark = await db.selectFrom('demo_mark').select('seeded_at').executeTakeFirst();
  if (!mark) return;
  throw new StartFailure(
    `This database holds the demo world (seeded ${mark.seeded_at.toISOString()}), which has no place in production. Use an empty database, or FACET_ENV=development.`,
  );
}
