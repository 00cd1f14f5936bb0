import { pageLimit, uuid } from '@facet/edge';
import { z } from 'zod';

export const FeedQuery = z.object({ before: z.string().max(200).optional(), limit: pageLimit.default(30) });
export type FeedQuery = z.infer<typeof FeedQuery>;

export const Notification = z.object({
  id: z.uuid(),
  type: z.enum(['mention', 'reply']),
  text: z.string(),
  roomId: z.uuid(),
  messageId: z.uuid(),
  at: z.date(),
});
export type Notification = z.infer<typeof Notification>;

export const Feed = z.object({
  notifications: z.array(
    Notification.extend({ by: z.string().nullable().meta({ description: 'A name; null while it is not known.' }), read: z.boolean() }),
  ),
  next: z.string().nullable().meta({ description: 'Goes on with older ones, as `before`. Null at the end.' }),
  degraded: z.array(z.string()),
});
export type Feed = z.infer<typeof Feed>;

export const SeenUpTo = z.object({ upTo: uuid });
export type SeenUpTo = z.infer<typeof SeenUpTo>;
