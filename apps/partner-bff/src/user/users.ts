import { gather, required } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import type { User as StoredUser } from '@facet/contracts/users';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import type { PagedList } from '../paging/paged-list.js';
import { listRooms } from '../room/rooms.js';
import type { User, UserChange, UserParams } from './user.view.js';

export async function getUser({ users }: Downstream, { userId }: UserParams, context: RequestContext): Promise<User> {
  const { user } = await users.getUser({ userId }, context);
  return toUser(answered(user, 'users'));
}

/** Changes what is present. */
export async function updateUser(
  { users }: Downstream,
  { userId, ...change }: UserParams & UserChange,
  context: RequestContext,
): Promise<User> {
  const about = change.about === null ? '' : change.about;
  const avatarUrl = change.avatarUrl === null ? '' : change.avatarUrl;
  const { user } = await users.updateUser({ userId, name: change.name, about, avatarUrl }, context);
  return toUser(answered(user, 'users'));
}

/** The rooms of a person that the caller may see. Of nobody there is no list, rather than an empty one. */
export async function listUserRooms(downstream: Downstream, { userId }: UserParams, list: PagedList, context: RequestContext) {
  const { page } = await gather(context, {
    user: required((within) => downstream.users.getUser({ userId }, within)),
    page: required((within) => listRooms(downstream, { memberId: userId }, list, within)),
  });
  return page;
}

function toUser({ id, username, name, about, avatarUrl, email, createdAt, updatedAt }: StoredUser): User {
  const self = `/api/v1/users/${id}`;
  return {
    id,
    username,
    name,
    about: about ?? null,
    avatarUrl: avatarUrl ?? null,
    email: email ?? null,
    createdAt: answered(createdAt, 'users'),
    updatedAt: answered(updatedAt, 'users'),
    links: { self, rooms: `${self}/rooms` },
  };
}
