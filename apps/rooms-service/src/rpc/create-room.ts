import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { CreateRoomResponse } from '@facet/contracts/rooms';
import { newId, within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { publish } from '@facet/events';
import { roomCreated } from '../events/published.js';
import { insertMembers } from '../store/members.js';
import { insertRoom, selectDirectRoom } from '../store/rooms.js';
import type { Db, Member, Room, Tx } from '../store/tables.js';
import { findUnknownUsers, refuseUnknown } from './find-unknown-users.js';
import { findChangedRoom } from './find-visible-rooms.js';
import type { CreateRoom } from './requests.js';
import { toRoom } from './to-room.js';

const mostInDirectRoom = 8;

export async function createRoom(db: Db, request: CreateRoom, context: RequestContext): Promise<CreateRoomResponse> {
  authorize(context.caller, 'room:create');

  const creator = context.caller.subject;
  const userIds = [...new Set([creator, ...request.memberIds])];
  if (request.type === 'direct') requireDirectMembers(userIds);
  const unknown = await findUnknownUsers(db, request.memberIds, context);
  refuseUnknown(unknown, request.memberIds, (at) => `/memberIds/${at}`);

  return await db.transaction().execute(async (tx) => {
    const room = newRoom(request, creator, userIds);
    const created = await create(tx, room, userIds, context);
    const roomId = created ? room.id : await findDirectRoom(tx, room, context);
    return { room: toRoom(await findChangedRoom(tx, roomId, context)), created };
  });
}

function requireDirectMembers({ length }: readonly string[]): void {
  if (length >= 2 && length <= mostInDirectRoom) return;
  const detail = `must make a room of 2 to ${mostInDirectRoom} members`;
  throw new ProblemError('validation-failed', { errors: [{ pointer: '/memberIds', detail }] });
}

/** False where the direct room of these members exists, also where somebody else makes it at this moment. */
async function create(tx: Tx, room: Room, userIds: readonly string[], context: RequestContext): Promise<boolean> {
  const inserted = await insertRoom(tx, room).executeTakeFirst(within(context));
  if (!inserted) return false;

  const members = userIds.map((userId) => newMember(room, userId));
  await insertMembers(members).execute(tx, within(context));
  await publish(tx, [roomCreated(room, members)]);
  return true;
}

async function findDirectRoom(tx: Tx, { direct_members }: Room, context: RequestContext): Promise<string> {
  const { id } = await selectDirectRoom(tx, direct_members ?? []).executeTakeFirstOrThrow(within(context));
  return id;
}

function newRoom({ type, name, topic }: CreateRoom, creator: string, userIds: readonly string[]): Room {
  const now = new Date();
  return {
    id: newId(),
    type,
    name,
    topic: topic || null,
    created_by: creator,
    created_at: now,
    updated_at: now,
    last_activity_at: now,
    member_count: userIds.length,
    direct_members: type === 'direct' ? [...userIds].sort() : null,
    deleted_at: null,
  };
}

function newMember({ id, created_by, created_at }: Room, userId: string): Member {
  return { room_id: id, user_id: userId, role: userId === created_by ? 'admin' : 'member', joined_at: created_at };
}
