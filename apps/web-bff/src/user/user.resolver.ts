import type { RequestContext } from '@facet/context';
import { uuid } from '@facet/edge';
import { z } from 'zod';
import { PageArguments } from '../graphql/connection.js';
import { field, type Resolvers } from '../graphql/field.js';
import type { Sources } from '../graphql/sources.js';
import { listMessages } from '../message/list-messages.js';
import { listRoomsOf } from '../room/list-rooms.js';
import { findUser, getUser } from './find-user.js';
import { updateProfile, UpdateProfileArguments } from './update-profile.js';
import type { UserNode } from './user-node.js';

const ById = z.object({ id: uuid });
const usualRooms = 50;

export const userResolvers = ({ downstream, cursors }: Sources): Resolvers => {
  const userOf = (node: UserNode, context: RequestContext) => (node.user ??= findUser(downstream, node.id, context));
  return {
    Query: {
      me: (_: unknown, __: unknown, { caller }: RequestContext): UserNode => ({ id: caller.subject }),
      user: field({ arguments: ById, about: (_, { id }) => ({ userId: id }) }, async (_, { id }, context): Promise<UserNode> => ({
        id,
        user: await getUser(downstream, id, context),
      })),
    },
    Mutation: {
      updateProfile: field({ arguments: UpdateProfileArguments }, async (_, { input }, context): Promise<UserNode> => {
        const user = await updateProfile(downstream, input, context);
        return { id: user.id, user };
      }),
    },
    User: {
      username: async (node: UserNode, _: unknown, context: RequestContext) => (await userOf(node, context))?.username ?? node.id,
      email: field(
        { about: ({ id }: UserNode) => ({ userId: id }) },
        async (node: UserNode, _, context) => (await userOf(node, context))?.email,
      ),
      profile: (node: UserNode, _: unknown, context: RequestContext) => userOf(node, context),
      rooms: field({ rows: () => usualRooms }, ({ id }: UserNode, _, context) => listRoomsOf(downstream, id, context)),
      messages: field({ arguments: PageArguments, rows: ({ first }) => first }, ({ id }: UserNode, page, context) =>
        listMessages({ downstream, cursors }, { $case: 'authorId', value: id }, page, context),
      ),
    },
  };
};
