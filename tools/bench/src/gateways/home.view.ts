import { z } from 'zod';

/** The synthetic home: somebody, ten rooms, ten notifications, and how many are online; 4.3 kB as JSON. */
export const Home = z.object({
  user: z.object({
    id: z.string(),
    username: z.string(),
    name: z.string(),
    about: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    createdAt: z.date(),
  }),
  rooms: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.enum(['public', 'private', 'direct']),
      topic: z.string().nullable(),
      members: z.int(),
      lastActivityAt: z.date(),
    }),
  ),
  notifications: z
    .array(
      z.object({
        id: z.string(),
        type: z.enum(['mention', 'reply']),
        roomId: z.string(),
        messageId: z.string(),
        text: z.string(),
        at: z.date(),
        read: z.boolean(),
      }),
    )
    .nullable(),
  online: z.int().nullable(),
  degraded: z.array(z.string()),
});
export type Home = z.infer<typeof Home>;
