import { uuid } from '@facet/edge';
import { z } from 'zod';

export const MemberParams = z.object({ roomId: uuid, userId: uuid });
export type MemberParams = z.infer<typeof MemberParams>;

export const Member = z.object({
  userId: z.uuid(),
  role: z.enum(['member', 'admin']),
  joinedAt: z.date(),
  links: z.object({ self: z.string(), user: z.string(), room: z.string() }),
});
export type Member = z.infer<typeof Member>;

export const NewMember = z.object({ userId: uuid });
export type NewMember = z.infer<typeof NewMember>;
