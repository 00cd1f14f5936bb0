import type { RequestContext } from '@facet/context';
import type { Downstream } from '../downstream.js';
import { everyPage } from '../graphql/every-page.js';
import type { UserNode } from '../user/user-node.js';

export async function listMembers({ rooms }: Pick<Downstream, 'rooms'>, roomId: string, context: RequestContext): Promise<UserNode[]> {
  const members = await everyPage(
    async (after) => {
      const response = await rooms.listMembers({ roomId, pageSize: 1_000, after }, context);
      return { rows: response.members, more: response.more };
    },
    ({ userId }) => userId,
  );
  return members.map(({ userId }) => ({ id: userId }));
}
