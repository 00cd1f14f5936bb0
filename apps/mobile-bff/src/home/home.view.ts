import { z } from 'zod';
import { Notification } from '../notification/notification.view.js';
import { RoomKind } from '../room/room.view.js';

/** Names and texts are cut further where a home would not fit into 8 kB. What is null is missing, and its part is named in `degraded`; `last` is null in a silent room as well. */
export const Home = z.object({
  me: z.object({ id: z.uuid(), name: z.string(), avatarUrl: z.string().nullable() }),
  unread: z.int().nullable(),
  rooms: z.array(
    z.object({
      id: z.uuid(),
      name: z.string().nullable(),
      type: RoomKind,
      unread: z.int().nullable(),
      online: z.int().nullable(),
      last: z.object({ by: z.string().nullable(), text: z.string(), at: z.date() }).nullable(),
    }),
  ),
  notifications: z.array(Notification).nullable(),
  degraded: z.array(z.string()),
});
export type Home = z.infer<typeof Home>;
