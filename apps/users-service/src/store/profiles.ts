import { sql } from 'kysely';
import type { Db, NewProfile, Profile, Tx } from './tables.js';

export type ProfileChange = Partial<Pick<Profile, 'name' | 'about' | 'avatar_url'>>;

export function selectProfiles(db: Db, ids: readonly string[]) {
  return db
    .selectFrom('profile')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::uuid[])`);
}

/** Of somebody who is still here. */
export function selectProfileForUpdate(tx: Tx, id: string) {
  return tx.selectFrom('profile').selectAll().where('id', '=', id).where('deleted_at', 'is', null).forUpdate();
}

export function changeProfile(tx: Tx, id: string, change: ProfileChange) {
  return tx
    .updateTable('profile')
    .set({ ...change, updated_at: sql`now()` })
    .where('id', '=', id)
    .returningAll();
}

/** Profiles with these usernames that belong to somebody else than these users. */
export function selectTaken(db: Db | Tx, profiles: readonly Pick<Profile, 'id' | 'username'>[]) {
  return db
    .selectFrom('profile')
    .select('username')
    .where('username', '=', sql<string>`any(${profiles.map(({ username }) => username)}::text[])`)
    .where('id', '<>', sql<string>`all(${profiles.map(({ id }) => id)}::uuid[])`);
}

/** One statement, whatever their number. Answers those that did not exist. */
export function insertProfiles(profiles: readonly NewProfile[]) {
  const column = <Name extends keyof NewProfile>(name: Name) => profiles.map((profile) => profile[name]);
  return sql<Profile>`
    insert into profile (id, username, name, about, avatar_url, email, created_at, updated_at)
    select * from unnest(
      ${column('id')}::uuid[], ${column('username')}::text[], ${column('name')}::text[], ${column('about')}::text[],
      ${column('avatar_url')}::text[], ${column('email')}::text[], ${column('created_at')}::timestamptz[], ${column('updated_at')}::timestamptz[]
    )
    on conflict (id) do nothing
    returning *`;
}

/** The account's profile where there is none yet; one that an import made before gets the e-mail address, and a tombstone stays one. */
export function openProfile(tx: Tx, profile: NewProfile) {
  return tx
    .insertInto('profile')
    .values(profile)
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ email: profile.email }).where('profile.deleted_at', 'is', null))
    .returning([sql<boolean>`xmax = 0`.as('created')]);
}

/** Nothing of the person is left but the id. Nobody can sign up with such a username: it is longer than theirs may be. */
export function buryProfile(tx: Tx, id: string, at: Date) {
  const nobody = {
    username: `deleted-${id}`,
    name: 'Deleted user',
    about: null,
    avatar_url: null,
    email: null,
    updated_at: at,
    deleted_at: at,
  };
  return tx
    .insertInto('profile')
    .values({ id, ...nobody, created_at: at })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(nobody).where('profile.deleted_at', 'is', null))
    .returning('id');
}
