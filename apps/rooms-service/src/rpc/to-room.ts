import { MemberRole, RoomType, type Member as MemberMessage, type Room as RoomMessage } from '@facet/contracts/rooms';
import type { Member, Room, SeenRoom } from '../store/tables.js';

const roomTypes = {
  public: RoomType.ROOM_TYPE_PUBLIC,
  private: RoomType.ROOM_TYPE_PRIVATE,
  direct: RoomType.ROOM_TYPE_DIRECT,
} as const;

const memberRoles = { admin: MemberRole.MEMBER_ROLE_ADMIN, member: MemberRole.MEMBER_ROLE_MEMBER } as const;

export function toRoom(room: SeenRoom): RoomMessage {
  return {
    id: room.id,
    name: room.name,
    type: toRoomType(room.type),
    topic: room.topic ?? undefined,
    createdBy: room.created_by,
    createdAt: room.created_at,
    updatedAt: room.updated_at,
    memberCount: room.member_count,
    viewerRole: room.viewer_role ? memberRoles[room.viewer_role] : MemberRole.MEMBER_ROLE_UNSPECIFIED,
    directMemberIds: room.direct_members ?? [],
    lastActivityAt: room.last_activity_at,
  };
}

export function toMember({ user_id, role, joined_at }: Member): MemberMessage {
  return { userId: user_id, role: memberRoles[role], joinedAt: joined_at };
}

export function toRoomType(type: Room['type']): RoomType {
  return roomTypes[type];
}
