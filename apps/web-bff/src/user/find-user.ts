import type { RequestContext } from '@facet/context';
import type { User } from '@facet/contracts/users';
import { answered, ProblemError } from '@facet/errors';
import type { Downstream } from '../downstream.js';

/** Somebody by id, looked up once, when a field asks for more than the id. */
export interface UserNode {
  readonly id: string;
  found?: Promise<User | undefined>;
}

type Clients = Pick<Downstream, 'users'>;

/** The profile of somebody whom another thing names; nobody where it is not known any more, so that one lost profile does not take a page of messages with it. */
export function findUser({ users }: Clients, node: UserNode, context: RequestContext): Promise<User | undefined> {
  return (node.found ??= users.getUser({ userId: node.id }, context).then(({ user }) => answered(user, 'users'), unlessNotFound));
}

/** Somebody who was asked for by id. */
export async function getUser(clients: Clients, id: string, context: RequestContext): Promise<UserNode> {
  const node: UserNode = { id };
  if (!(await findUser(clients, node, context))) throw new ProblemError('not-found', { detail: 'There is no such user.' });
  return node;
}

function unlessNotFound(error: unknown): undefined {
  if (error instanceof ProblemError && error.code === 'not-found') return undefined;
  throw error;
}
