import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { UpdateUserResponse } from '@facet/contracts/users';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { publish } from '@facet/events';
import { userUpdated } from '../events/published.js';
import { changeProfile, selectProfileForUpdate, type ProfileChange } from '../store/profiles.js';
import type { Db, Profile, Tx } from '../store/tables.js';
import type { UpdateUser } from './requests.js';
import { toUser } from './to-user.js';

export async function updateUser(db: Db, request: UpdateUser, context: RequestContext): Promise<UpdateUserResponse> {
  authorize(context.caller, 'user:update', { userId: request.userId });

  const profile = await db.transaction().execute(async (tx) => {
    const before = await selectProfileForUpdate(tx, request.userId).executeTakeFirst(within(context));
    if (!before) throw new ProblemError('not-found', { detail: 'There is no such user.' });
    return await apply(tx, before, changeOf(before, request), context);
  });

  return { user: toUser(profile, 'whole') };
}

async function apply(tx: Tx, before: Profile, change: ProfileChange, context: RequestContext): Promise<Profile> {
  if (Object.keys(change).length === 0) return before;
  const after = await changeProfile(tx, before.id, change).executeTakeFirstOrThrow(within(context));
  await publish(tx, [userUpdated(after)]);
  return after;
}

/** What the request asks for and is not so already. */
function changeOf(before: Profile, { name, about, avatarUrl }: UpdateUser): ProfileChange {
  const asked: ProfileChange = {
    ...(name !== undefined && { name }),
    ...(about !== undefined && { about: about || null }),
    ...(avatarUrl !== undefined && { avatar_url: avatarUrl || null }),
  };
  const fields = Object.entries(asked) as [keyof ProfileChange, string | null][];
  return Object.fromEntries(fields.filter(([field, value]) => before[field] !== value));
}
