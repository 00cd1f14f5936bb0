import type { RequestContext } from '@facet/context';
import { RoomType, type Room } from '@facet/contracts/rooms';
import { DownstreamError } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import { findUser } from '../user/find-user.js';

const namesKeptMs = 600_000;
const nameless = 'Direct message';

/** A direct room has no name of its own: it is called after the others in it. Names change rarely, so old ones will do while users-service is away. */
export async function nameRoom(
  clients: Pick<Downstream, 'users'>,
  { type, name, directMemberIds }: Room,
  context: RequestContext,
): Promise<string> {
  if (type !== RoomType.ROOM_TYPE_DIRECT) return name;
  const others = directMemberIds.filter((id) => id !== context.caller.subject);
  const within = context.allowStale(namesKeptMs);
  try {
    // At most seven, and one batch for all rooms of a page.
    const users = await Promise.all(others.map((id) => findUser(clients, id, within)));
    return users.flatMap((user) => user?.name ?? []).join(', ') || nameless;
  } catch (error) {
    // `name` can't be null: without this, one direct room would take the whole list of rooms with it.
    if (!(error instanceof DownstreamError)) throw error;
    context.degrade(error);
    return nameless;
  }
}
