import { gather, optional } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import { RoomType } from '@facet/contracts/rooms';
import { Answer } from '@facet/edge';
import { answered } from '@facet/errors';
import type { Downstream } from '../downstream.js';
import { findPeople } from '../profile/find-people.js';
import type { CreatedRoom, RoomDraft } from './room.view.js';
import { othersIn, toRoom } from './to-room.js';

const types = { public: RoomType.ROOM_TYPE_PUBLIC, private: RoomType.ROOM_TYPE_PRIVATE, direct: RoomType.ROOM_TYPE_DIRECT };

/** A new room. The direct room of the same people is one room: asked for again, it is answered with 200. */
export async function createRoom(downstream: Downstream, { name, type, topic, memberIds }: RoomDraft, context: RequestContext) {
  const viewer = context.caller.subject;

  const made = await downstream.rooms.createRoom({ name, type: types[type], topic, memberIds }, context);
  const room = answered(made.room, 'rooms');

  const { people } = await gather(context.atMost(400), {
    people: optional((within) => findPeople(downstream, othersIn(room, viewer), within)),
  });

  const body: CreatedRoom = { ...toRoom(room, people, viewer), degraded: context.degraded() };
  return new Answer(body, { status: made.created ? 201 : 200, headers: { location: `/v1/rooms/${room.id}` } });
}
