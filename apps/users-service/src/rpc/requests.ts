import { id, text } from '@facet/service-kit';
import { z } from 'zod';

const name = text(1, 80);
const about = text(0, 500);
const username = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u, 'must be 1 to 100 letters, digits, dots, dashes or underscores');
const avatarUrl = text(0, 2_048).refine((url) => url === '' || isHttps(url), 'must be an https address');

export const GetUser = z.object({ userId: id });
export type GetUser = z.infer<typeof GetUser>;

export const UpdateUser = z.object({
  userId: id,
  name: name.optional(),
  about: about.optional(),
  avatarUrl: avatarUrl.optional(),
});
export type UpdateUser = z.infer<typeof UpdateUser>;

export const ImportUsers = z.object({
  users: z
    .array(
      z.object({
        id,
        username,
        name,
        about: about.optional(),
        avatarUrl: avatarUrl.optional(),
        createdAt: z.date().optional(),
      }),
    )
    .max(1_000, 'must be at most 1,000'),
});
export type ImportUsers = z.infer<typeof ImportUsers>;

function isHttps(text: string): boolean {
  return URL.parse(text)?.protocol === 'https:';
}
