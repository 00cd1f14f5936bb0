import { id, pageSize, text } from '@facet/service-kit';
import { z } from 'zod';
import { emoji } from '../emoji.js';

const content = text(1, 4_000);
const which = { messageId: id, roomId: id.optional() };

export const GetMessage = z.object(which);
export type GetMessage = z.infer<typeof GetMessage>;

export const ListMessages = z.object({
  of: z.discriminatedUnion('$case', [
    z.object({ $case: z.literal('roomId'), value: id }),
    z.object({ $case: z.literal('authorId'), value: id }),
  ]),
  pageSize: pageSize(20, 100),
  after: id.optional(),
  ascending: z.boolean(),
});
export type ListMessages = z.infer<typeof ListMessages>;

export const SendMessage = z
  .object({
    roomId: id,
    content: text(0, 4_000),
    replyTo: id.optional(),
    clientId: id.optional(),
    attachmentIds: z
      .array(id)
      .max(10, 'must be at most 10')
      .refine((ids) => new Set(ids).size === ids.length, 'must be distinct'),
  })
  .refine(({ content, attachmentIds }) => content !== '' || attachmentIds.length > 0, {
    path: ['content'],
    message: 'must have 1 to 4000 characters',
  });
export type SendMessage = z.infer<typeof SendMessage>;

export const EditMessage = z.object({ ...which, content });
export type EditMessage = z.infer<typeof EditMessage>;

export const DeleteMessage = z.object(which);
export type DeleteMessage = z.infer<typeof DeleteMessage>;

export const React = z.object({ ...which, emoji });
export type React = z.infer<typeof React>;

const ImportedMessage = z.object({
  message: z
    .object({
      id,
      roomId: id,
      authorId: id,
      type: z.number(),
      content: text(0, 4_000),
      replyTo: id.optional(),
      createdAt: z.date('is missing'),
      deletedAt: z.date().optional(),
      edited: z.boolean(),
    })
    .refine(({ content, deletedAt }) => content !== '' || deletedAt, { path: ['content'], message: 'must have 1 to 4000 characters' }),
  reactions: z.array(z.object({ userId: id, emoji })).max(1_000, 'must be at most 1,000'),
});
export type ImportedMessage = z.infer<typeof ImportedMessage>;

export const ImportMessages = z.object({
  messages: z.array(ImportedMessage).max(1_000, 'must be at most 1,000'),
  unread: z.boolean(),
});
export type ImportMessages = z.infer<typeof ImportMessages>;
