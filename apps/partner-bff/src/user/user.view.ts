import { text, uuid } from '@facet/edge';
import { z } from 'zod';

export const UserParams = z.object({ userId: uuid });
export type UserParams = z.infer<typeof UserParams>;

export const User = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  about: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  email: z.string().nullable().meta({ description: 'Null unless it is your own or you are an admin.' }),
  createdAt: z.date(),
  updatedAt: z.date(),
  links: z.object({ self: z.string(), rooms: z.string() }),
});
export type User = z.infer<typeof User>;

const httpsAddress = z.url({ protocol: /^https$/, error: 'must be an https address' }).max(1_000);

export const UserChange = z.object({
  name: text(1, 80).optional(),
  about: text(0, 500).nullable().optional().meta({ description: 'Null removes it.' }),
  avatarUrl: httpsAddress.nullable().optional().meta({ description: 'Null removes it.' }),
});
export type UserChange = z.infer<typeof UserChange>;
