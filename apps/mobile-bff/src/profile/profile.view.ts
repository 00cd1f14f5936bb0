import { text, uuid } from '@facet/edge';
import { z } from 'zod';

export const UserPath = z.object({ userId: uuid });
export type UserPath = z.infer<typeof UserPath>;

export const ProfileCard = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  about: z.string().nullable(),
  avatarUrl: z.string().nullable(),
});
export type ProfileCard = z.infer<typeof ProfileCard>;

export const OwnProfile = ProfileCard.extend({ email: z.string().nullable() });
export type OwnProfile = z.infer<typeof OwnProfile>;

export const ProfileChange = z.object({
  name: text(1, 80).optional(),
  about: text(0, 500).nullable().optional(),
  avatarUrl: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .max(1_000)
    .nullable()
    .optional(),
});
export type ProfileChange = z.infer<typeof ProfileChange>;
