import type { GetUserResponse } from '@facet/contracts/users';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { outcomeOf, type BatchContext, type BatchItem } from '@facet/service-kit';
import { viewOf, type View } from '../profile-policy.js';
import { selectProfiles } from '../store/profiles.js';
import type { Db, Profile } from '../store/tables.js';
import type { GetUser } from './requests.js';
import { toUser } from './to-user.js';

export async function getUsers(db: Db, items: readonly BatchItem<GetUser>[], context: BatchContext) {
  const views = items.map(({ caller, request }) => outcomeOf(() => viewOf(caller, request.userId)));

  const wanted = items.filter((_, at) => !(views[at] instanceof ProblemError)).map(({ request }) => request.userId);
  const profiles = await findProfiles(db, wanted, context);

  return items.map(({ request }, at) => answer(views[at]!, profiles.get(request.userId)));
}

async function findProfiles(db: Db, ids: readonly string[], context: BatchContext): Promise<Map<string, Profile>> {
  if (ids.length === 0) return new Map();
  const profiles = await selectProfiles(db, [...new Set(ids)]).execute(within(context));
  return new Map(profiles.map((profile) => [profile.id, profile]));
}

function answer(view: View | ProblemError, profile: Profile | undefined): GetUserResponse | ProblemError {
  if (view instanceof ProblemError) return view;
  if (!profile) return new ProblemError('not-found', { detail: 'There is no such user.' });
  return { user: toUser(profile, view) };
}
