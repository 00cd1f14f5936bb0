import { MemberRole, RoomType, type Room } from '@facet/contracts/rooms';
import { cutText } from '@facet/edge';
import { answered } from '@facet/errors';
import type { People } from '../profile/find-people.js';
import type { RoomHead, RoomKind } from './room.view.js';

const kinds: Partial<Record<RoomType, RoomKind>> = {
  [RoomType.ROOM_TYPE_PUBLIC]: 'public',
  [RoomType.ROOM_TYPE_PRIVATE]: 'private',
  [RoomType.ROOM_TYPE_DIRECT]: 'direct',
};
const roles: Partial<Record<MemberRole, RoomHead['role']>> = {
  [MemberRole.MEMBER_ROLE_MEMBER]: 'member',
  [MemberRole.MEMBER_ROLE_ADMIN]: 'admin',
};

export function toRoom(room: Room, people: People | undefined, viewer: string): RoomHead {
  return {
    id: room.id,
    name: nameOf(room, people, viewer),
    type: toRoomKind(room.type),
    topic: room.topic ?? null,
    members: room.memberCount,
    role: roles[room.viewerRole] ?? null,
  };
}

export function toRoomKind(type: RoomType): RoomKind {
  return answered(kinds[type], 'rooms');
}

/** Whose names a direct room is named after; nobody's in other rooms. */
export function othersIn({ directMemberIds }: Room, viewer: string): string[] {
  return directMemberIds.filter((id) => id !== viewer);
}

/** Null for a direct room none of whose other members is known. */
export function nameOf(room: Room, people: People | undefined, viewer: string): string | null {
  if (room.type !== RoomType.ROOM_TYPE_DIRECT) return room.name;
  const names = othersIn(room, viewer).flatMap((id) => people?.get(id)?.name ?? []);
  return names.length > 0 ? cutText(names.join(', '), 80) : null;
}
