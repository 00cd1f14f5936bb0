import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { ImportUsersResponse } from '@facet/contracts/users';
import { isUniqueViolation, within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { publish } from '@facet/events';
import { userCreated } from '../events/published.js';
import { insertProfiles, selectTaken } from '../store/profiles.js';
import type { Db, NewProfile } from '../store/tables.js';
import type { ImportUsers } from './requests.js';

export async function importUsers(db: Db, { users }: ImportUsers, context: RequestContext): Promise<ImportUsersResponse> {
  authorize(context.caller, 'import');

  const profiles = users.map(toProfile);
  try {
    return { created: await createProfiles(db, profiles, context) };
  } catch (error) {
    if (isUniqueViolation(error, 'profile_username_key')) throw await takenUsernames(db, profiles, context);
    throw error;
  }
}

async function createProfiles(db: Db, profiles: readonly NewProfile[], context: RequestContext): Promise<number> {
  return await db.transaction().execute(async (tx) => {
    const { rows: created } = await insertProfiles(profiles).execute(tx, within(context));
    await publish(tx, created.map(userCreated));
    return created.length;
  });
}

async function takenUsernames(db: Db, profiles: readonly NewProfile[], context: RequestContext): Promise<ProblemError> {
  const taken = await selectTaken(db, profiles).execute(within(context));
  const errors = taken.map(({ username }) => ({
    pointer: `/users/${profiles.findIndex((profile) => profile.username === username)}/username`,
    detail: `${username} is the name of another user`,
  }));
  return new ProblemError('conflict', { detail: 'A username can belong to one user only.', errors });
}

function toProfile({ id, username, name, about, avatarUrl, createdAt = new Date() }: ImportUsers['users'][number]): NewProfile {
  return {
    id,
    username,
    name,
    about: about || null,
    avatar_url: avatarUrl || null,
    email: null,
    created_at: createdAt,
    updated_at: createdAt,
  };
}
