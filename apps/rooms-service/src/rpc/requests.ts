import { MemberRole, RoomOrder, RoomType } from '@facet/contracts/rooms';
import { id, pageSize, text } from '@facet/service-kit';
import { z } from 'zod';
import type { PageOrder } from '../store/room-lists.js';
import type { Member, Room } from '../store/tables.js';

const types = new Map<RoomType, Room['type']>([
  [RoomType.ROOM_TYPE_PUBLIC, 'public'],
  [RoomType.ROOM_TYPE_PRIVATE, 'private'],
  [RoomType.ROOM_TYPE_DIRECT, 'direct'],
]);
const roles = new Map<MemberRole, Member['role']>([
  [MemberRole.MEMBER_ROLE_MEMBER, 'member'],
  [MemberRole.MEMBER_ROLE_ADMIN, 'admin'],
]);
const orders = new Map<RoomOrder, PageOrder>([
  [RoomOrder.ROOM_ORDER_UNSPECIFIED, 'ascending'],
  [RoomOrder.ROOM_ORDER_ID_ASC, 'ascending'],
  [RoomOrder.ROOM_ORDER_ID_DESC, 'descending'],
  [RoomOrder.ROOM_ORDER_LAST_ACTIVITY, 'last-activity'],
]);

const name = text(1, 80);
const topic = text(0, 250);
const memberIds = z.array(id).max(100, 'must be at most 100');
const at = z.date().optional();

const type = wordFor(types, 'must be public, private or direct');
const role = wordFor(roles, 'must be member or admin');
const order = wordFor(orders, 'must be an order that there is');

/** The room as such, and who else is in it. */
export const OneRoom = z.object({ roomId: id });
export type OneRoom = z.infer<typeof OneRoom>;

export const OneMember = z.object({ roomId: id, userId: id });
export type OneMember = z.infer<typeof OneMember>;

export const ListRooms = z
  .object({
    memberId: id.optional(),
    joinable: z.boolean(),
    order,
    pageSize: pageSize(20, 100),
    after: id.optional(),
  })
  .refine(({ memberId, joinable }) => !(memberId && joinable), { path: ['joinable'], error: 'cannot be asked together with memberId' })
  .refine(({ order, memberId, after }) => order !== 'last-activity' || (memberId && !after), {
    path: ['order'],
    error: 'by last activity is for the first page of the rooms of a member',
  });
export type ListRooms = z.infer<typeof ListRooms>;

export const ListMembers = z.object({ roomId: id, pageSize: pageSize(100, 1_000), after: id.optional(), descending: z.boolean() });
export type ListMembers = z.infer<typeof ListMembers>;

/** A direct room has no name of its own, whatever the request says. */
export const CreateRoom = z
  .object({ name: z.string(), type, topic: topic.optional(), memberIds })
  .transform((request) => (request.type === 'direct' ? { ...request, name: '' } : request))
  .superRefine((request, context) => {
    const fault = request.type === 'direct' ? undefined : name.safeParse(request.name).error;
    if (fault) context.addIssue({ code: 'custom', path: ['name'], message: fault.issues[0]!.message });
  });
export type CreateRoom = z.infer<typeof CreateRoom>;

export const UpdateRoom = z.object({ roomId: id, name: name.optional(), topic: topic.optional() });
export type UpdateRoom = z.infer<typeof UpdateRoom>;

export const ImportRooms = z.object({
  rooms: z
    .array(
      z.object({
        room: z.object({ id, name: text(0, 80), type, topic: topic.optional(), createdBy: id, createdAt: at, updatedAt: at }),
        members: z.array(z.object({ userId: id, role, joinedAt: at })).max(10_000, 'must be at most 10,000'),
      }),
    )
    .max(1_000, 'must be at most 1,000'),
});
export type ImportRooms = z.infer<typeof ImportRooms>;
export type ImportedRoom = ImportRooms['rooms'][number];

/** A number of the contract as our own word; one that has no word is refused. */
function wordFor<Word>(words: ReadonlyMap<number, Word>, refusal: string) {
  return z.number().transform((number, context): Word => {
    const word = words.get(number);
    if (word !== undefined) return word;
    context.addIssue({ code: 'custom', message: refusal });
    return z.NEVER;
  });
}
