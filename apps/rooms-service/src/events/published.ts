import { MemberJoined, MemberLeft, RoomCreated, RoomDeleted, RoomUpdated } from '@facet/contracts/rooms';
import { event } from '@facet/events';
import { toMember, toRoomType } from '../rpc/to-room.js';
import type { Member, Room } from '../store/tables.js';

export function roomCreated({ id, type, name, created_by, created_at }: Room, members: readonly Member[]) {
  return event(
    RoomCreated,
    { key: id },
    { roomId: id, type: toRoomType(type), name, createdBy: created_by, members: members.map(toMember), createdAt: created_at },
  );
}

export function roomUpdated({ id, name, topic, updated_at }: Room) {
  return event(RoomUpdated, { key: id }, { roomId: id, name, topic: topic ?? undefined, updatedAt: updated_at });
}

export function roomDeleted({ id, deleted_at }: Pick<Room, 'id' | 'deleted_at'>) {
  return event(RoomDeleted, { key: id }, { roomId: id, deletedAt: deleted_at ?? undefined });
}

export function memberJoined(member: Member) {
  return event(MemberJoined, { key: member.room_id }, { roomId: member.room_id, member: toMember(member) });
}

export function memberLeft(roomId: string, userId: string, leftAt: Date) {
  return event(MemberLeft, { key: roomId }, { roomId, userId, leftAt });
}
