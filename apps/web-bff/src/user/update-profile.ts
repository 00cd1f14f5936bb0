import type { RequestContext } from '@facet/context';
import type { User } from '@facet/contracts/users';
import { text } from '@facet/edge';
import { answered } from '@facet/errors';
import { z } from 'zod';
import type { Downstream } from '../downstream.js';

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
): Promise<User> {
  const change = { name, about: orEmpty(about), avatarUrl: orEmpty(avatarUrl) };

  const response = await users.updateUser({ userId: context.caller.subject, ...change }, context);

  return answered(response.user, 'users');
}

/** The service removes what is empty and leaves what is absent. */
function orEmpty(value: string | null | undefined): string | undefined {
  return value === null ? '' : value;
}
