import type { RequestContext } from '@facet/context';
import type { User } from '@facet/contracts/users';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import type { OwnProfile, ProfileCard, ProfileChange, UserPath } from './profile.view.js';

export async function getUser({ users }: Downstream, { userId }: UserPath, context: RequestContext): Promise<ProfileCard> {
  const { user } = await users.getUser({ userId }, context.atMost(500));
  return toCard(answered(user, 'users'));
}

export async function getProfile({ users }: Downstream, context: RequestContext): Promise<OwnProfile> {
  const { user } = await users.getUser({ userId: context.caller.subject }, context.atMost(500));
  return toOwn(answered(user, 'users'));
}

/** Changes what is present. Null takes away. */
export async function updateProfile({ users }: Downstream, change: ProfileChange, context: RequestContext): Promise<OwnProfile> {
  const { user } = await users.updateUser({ userId: context.caller.subject, ...emptyForNull(change) }, context.atMost(800));
  return toOwn(answered(user, 'users'));
}

function emptyForNull({ name, about, avatarUrl }: ProfileChange) {
  return { name, about: about === null ? '' : about, avatarUrl: avatarUrl === null ? '' : avatarUrl };
}

function toCard({ id, username, name, about, avatarUrl }: User): ProfileCard {
  return { id, username, name, about: about ?? null, avatarUrl: avatarUrl ?? null };
}

function toOwn(user: User): OwnProfile {
  return { ...toCard(user), email: user.email ?? null };
}
