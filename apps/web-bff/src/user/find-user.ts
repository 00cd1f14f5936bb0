import type { RequestContext } from '@facet/context';
import type { User } from '@facet/contracts/users';
import { answered, ProblemError } from '@facet/errors';
import type { Downstream } from '../downstream.js';

type Clients = Pick<Downstream, 'users'>;

export async function getUser({ users }: Clients, userId: string, context: RequestContext): Promise<User> {
  const { user } = await users.getUser({ userId }, context);
  return answered(user, 'users');
}

/** Whom another thing names. Nobody where the profile is lost, so that it does not take a page of messages with it. */
export async function findUser(clients: Clients, userId: string, context: RequestContext): Promise<User | undefined> {
  try {
    return await getUser(clients, userId, context);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'not-found') return undefined;
    throw error;
  }
}
