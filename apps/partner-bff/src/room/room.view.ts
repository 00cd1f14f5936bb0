import { text, uuid } from '@facet/edge';
import { z } from 'zod';

export const RoomParams = z.object({ roomId: uuid });
export type RoomParams = z.infer<typeof RoomParams>;

export const Room = z.object({
  id: z.uuid(),
  name: z.string().nullable().meta({ description: 'Null for a direct room.' }),
  type: z.enum(['public', 'private', 'direct']),
  topic: z.string().nullable(),
  memberCount: z.int(),
  createdBy: z.uuid(),
  createdAt: z.date(),
  updatedAt: z.date(),
  links: z.object({ self: z.string(), members: z.string(), messages: z.string() }),
});
export type Room = z.infer<typeof Room>;

const name = text(1, 80);
const topic = text(0, 250);

export const NewRoom = z
  .object({
    name: name.optional().meta({ description: 'Required, but for a direct room, which has none.' }),
    type: Room.shape.type,
    topic: topic.optional(),
    memberIds: z.array(uuid).max(100).default([]).meta({ description: 'Members beside yourself; a direct room needs one or more.' }),
  })
  .superRefine((room, context) => {
    const fault = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if (room.type === 'direct' && room.name !== undefined) fault('name', 'a direct room has no name');
    if (room.type === 'direct' && room.memberIds.length === 0) fault('memberIds', 'a direct room needs another member');
    if (room.type !== 'direct' && room.name === undefined) fault('name', 'is required');
  });
export type NewRoom = z.infer<typeof NewRoom>;

export const RoomChange = z.object({
  name: name.optional(),
  topic: topic.nullable().optional().meta({ description: 'Null removes it.' }),
});
export type RoomChange = z.infer<typeof RoomChange>;
