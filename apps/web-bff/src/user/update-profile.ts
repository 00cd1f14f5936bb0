import type { RequestContext } from '@facet/context';
import { text } from '@facet/edge';
import { answered } from '@facet/errors';
import { z } from 'zod';
import type { Downstream } from '../downstream.js';
import type { UserNode } from './find-user.js';

const httpsAddress = text(1, 2_000).refine(
  (value) => URL.canParse(value) && new URL(value).protocol === 'https:',
  'must be an https address',
);

export const UpdateProfileArguments = z.object({
  input: z.object({ name: text(1, 80).optional(), about: text(0, 500).nullish(), avatarUrl: httpsAddress.nullish() }),
});

export async function updateProfile(
  { users }: Pick<Downstream, 'users'>,
  { name, about, avatarUrl }: z.output<typeof UpdateProfileArguments>['input'],
  context: RequestContext,
): Promise<UserNode> {
  const change = { name, about: orEmpty(about), avatarUrl: orEmpty(avatarUrl) };

  const response = await users.updateUser({ userId: context.caller.subject, ...change }, context);

  const user = answered(response.user, 'users');
  return { id: user.id, found: Promise.resolve(user) };
}

/** The service removes what is empty and leaves what is absent. */
function orEmpty(value: string | null | undefined): string | undefined {
  return value === null ? '' : value;
}
