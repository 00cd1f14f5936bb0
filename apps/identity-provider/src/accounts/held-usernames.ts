import { sql } from 'kysely';
import type { Db } from '../store/tables.js';
import type { PersonalData } from './personal-data.js';

const heldDays = 30;

/** Nobody can take the name of who has just left and be taken for him. */
export async function holdUsername(db: Db, personal: PersonalData, username: string): Promise<void> {
  const until = sql<Date>`now() + make_interval(days => ${heldDays})`;
  await db
    .insertInto('held_username')
    .values({ name_hash: personal.heldNameOf(username), until })
    .onConflict((conflict) => conflict.column('name_hash').doUpdateSet({ until }))
    .execute();
}

/** Whether somebody has the name, or gave it back a short while ago. */
export async function isTaken(db: Db, personal: PersonalData, username: string): Promise<boolean> {
  const owner = await db.selectFrom('account').select('id').where('username', '=', username).executeTakeFirst();
  if (owner) return true;
  const held = await db
    .selectFrom('held_username')
    .select('name_hash')
    .where('name_hash', '=', personal.heldNameOf(username))
    .where('until', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return held !== undefined;
}
