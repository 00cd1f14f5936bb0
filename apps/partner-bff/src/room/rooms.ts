import type { RequestContext } from '@facet/context';
import { RoomOrder, RoomType, type Room as StoredRoom } from '@facet/contracts/rooms';
import { Answer } from '@facet/edge';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import type { PagedList } from '../paging/paged-list.js';
import type { NewRoom, Room, RoomChange, RoomParams } from './room.view.js';

/** All rooms that the caller may see; with `memberId`, those that this person is in. */
export async function listRooms({ rooms }: Downstream, { memberId }: { memberId?: string }, list: PagedList, context: RequestContext) {
  const order = list.ascending ? RoomOrder.ROOM_ORDER_ID_ASC : RoomOrder.ROOM_ORDER_ID_DESC;
  const { rooms: found, more } = await rooms.listRooms({ memberId, order, pageSize: list.limit, after: list.after }, context);
  return list.page(found.map(toRoom), more, found.at(-1)?.id);
}

export async function getRoom({ rooms }: Downstream, { roomId }: RoomParams, context: RequestContext): Promise<Room> {
  const { room } = await rooms.getRoom({ roomId }, context);
  return toRoom(answered(room, 'rooms'));
}

/** A new room. The direct room of the same people is one room: where it exists it is answered with 200. */
export async function createRoom({ rooms }: Downstream, { type, ...rest }: NewRoom, context: RequestContext): Promise<Answer<Room>> {
  const { room, created } = await rooms.createRoom({ ...rest, type: typeOf[type] }, context);
  const body = toRoom(answered(room, 'rooms'));
  return new Answer(body, { status: created ? 201 : 200, headers: { location: body.links.self } });
}

/** Changes what is present. */
export async function updateRoom(
  { rooms }: Downstream,
  { roomId, name, topic }: RoomParams & RoomChange,
  context: RequestContext,
): Promise<Room> {
  const { room } = await rooms.updateRoom({ roomId, name, topic: topic === null ? '' : topic }, context);
  return toRoom(answered(room, 'rooms'));
}

export async function deleteRoom({ rooms }: Downstream, { roomId }: RoomParams, context: RequestContext): Promise<void> {
  await rooms.deleteRoom({ roomId }, context);
}

const typeOf = { public: RoomType.ROOM_TYPE_PUBLIC, private: RoomType.ROOM_TYPE_PRIVATE, direct: RoomType.ROOM_TYPE_DIRECT };
const nameOfType = new Map(Object.entries(typeOf).map(([name, type]) => [type, name as Room['type']]));

function toRoom({ id, name, type, topic, memberCount, createdBy, createdAt, updatedAt }: StoredRoom): Room {
  const self = `/api/v1/rooms/${id}`;
  return {
    id,
    name: type === RoomType.ROOM_TYPE_DIRECT ? null : name,
    type: answered(nameOfType.get(type), 'rooms'),
    topic: topic ?? null,
    memberCount,
    createdBy,
    createdAt: answered(createdAt, 'rooms'),
    updatedAt: answered(updatedAt, 'rooms'),
    links: { self, members: `${self}/members`, messages: `${self}/messages` },
  };
}
