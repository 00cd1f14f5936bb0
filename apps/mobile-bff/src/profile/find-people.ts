import type { RequestContext } from '@facet/context';
import type { User } from '@facet/contracts/users';
import { ProblemError } from '@facet/errors';
import type { Downstream } from '../downstream.js';

/** Profiles by id. Who has none is not in it. */
export type People = ReadonlyMap<string, User>;

/** Each person is asked for once, and all calls are made in one tick, so they travel as one batch. Whoever is `known` is not asked for again. */
export async function findPeople(
  { users }: Pick<Downstream, 'users'>,
  ids: readonly string[],
  context: RequestContext,
  known: Iterable<User> = [],
): Promise<People> {
  const people = new Map([...known].map((user) => [user.id, user]));
  const unknown = [...new Set(ids)].filter((userId) => !people.has(userId));
  const answers = await Promise.all(unknown.map((userId) => users.getUser({ userId }, context).catch(noneIfNotFound)));
  for (const answer of answers) if (answer?.user) people.set(answer.user.id, answer.user);
  return people;
}

export function noneIfNotFound(error: unknown): undefined {
  if (error instanceof ProblemError && error.code === 'not-found') return undefined;
  throw error;
}
