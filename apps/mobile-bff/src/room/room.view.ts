import { pageLimit, text, uuid } from '@facet/edge';
import { z } from 'zod';
import { ListedMessage } from '../message/message.view.js';

export const RoomPath = z.object({ roomId: uuid });
export type RoomPath = z.infer<typeof RoomPath>;

export const RoomQuery = z.object({ before: z.string().max(200).optional(), limit: pageLimit.default(30) });
export type RoomQuery = z.infer<typeof RoomQuery>;

export const RoomKind = z.enum(['public', 'private', 'direct']);
export type RoomKind = z.infer<typeof RoomKind>;

export const RoomHead = z.object({
  id: z.uuid(),
  name: z.string().nullable().meta({ description: 'A direct room is named after its other members; null while they are not known.' }),
  type: RoomKind,
  topic: z.string().nullable(),
  members: z.int(),
  role: z.enum(['member', 'admin']).nullable().meta({ description: 'Of the viewer; null for who has not joined.' }),
});
export type RoomHead = z.infer<typeof RoomHead>;

export const RoomScreen = z.object({
  room: RoomHead.extend({ online: z.int().nullable() }),
  messages: z.array(ListedMessage),
  next: z.string().nullable().meta({ description: 'Goes on with older messages, as `before`. Null at the beginning of the room.' }),
  unread: z.int().nullable(),
  degraded: z.array(z.string()),
});
export type RoomScreen = z.infer<typeof RoomScreen>;

export const RoomDraft = z
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
export type RoomDraft = z.infer<typeof RoomDraft>;

export const CreatedRoom = RoomHead.extend({ degraded: z.array(z.string()) });
export type CreatedRoom = z.infer<typeof CreatedRoom>;

export const ReadUpTo = z.object({ messageId: uuid });
export type ReadUpTo = z.infer<typeof ReadUpTo>;
