import { pageLimit, text, uuid } from '@facet/edge';
import { z } from 'zod';
import { Message } from '../message/message.view.js';

export const RoomParams = z.object({ roomId: uuid });
export type RoomParams = z.infer<typeof RoomParams>;

export const RoomQuery = z.object({ before: z.string().max(200).optional(), limit: pageLimit.default(30) });
export type RoomQuery = z.infer<typeof RoomQuery>;

export const RoomKind = z.enum(['public', 'private', 'direct']);
export type RoomKind = z.infer<typeof RoomKind>;

export const Room = z.object({
  id: z.uuid(),
  name: z.string().nullable().meta({ description: 'A direct room is named after its other members; null while they are not known.' }),
  type: RoomKind,
  topic: z.string().nullable(),
  members: z.int(),
  role: z.enum(['member', 'admin']).nullable().meta({ description: 'Of the viewer; null for who has not joined.' }),
});
export type Room = z.infer<typeof Room>;

export const RoomScreen = z.object({
  room: Room.extend({ online: z.int().nullable() }),
  messages: z.array(Message),
  next: z.string().nullable().meta({ description: 'Goes on with older messages, as `before`. Null at the beginning of the room.' }),
  unread: z.int().nullable(),
  degraded: z.array(z.string()),
});
export type RoomScreen = z.infer<typeof RoomScreen>;

export const NewRoom = z
  .object({
    name: text(1, 80).optional().meta({ description: 'Of a public or private room, and required there.' }),
    type: RoomKind,
    topic: text(0, 250).optional(),
    memberIds: z.array(uuid).max(100).default([]),
  })
  .superRefine(({ name, type, memberIds }, context) => {
    if (type !== 'direct' && name === undefined) context.addIssue({ code: 'custom', path: ['name'], message: 'is required' });
    if (type === 'direct' && memberIds.length === 0) {
      context.addIssue({ code: 'custom', path: ['memberIds'], message: 'a direct room has at least one other member' });
    }
  });
export type NewRoom = z.infer<typeof NewRoom>;

export const CreatedRoom = Room.extend({ degraded: z.array(z.string()) });
export type CreatedRoom = z.infer<typeof CreatedRoom>;

export const ReadUpTo = z.object({ messageId: uuid });
export type ReadUpTo = z.infer<typeof ReadUpTo>;
