import type { RequestContext } from '@facet/context';
import { uuid } from '@facet/edge';
import { z } from 'zod';
import { PageArguments } from '../graphql/connection.js';
import { field, type Resolvers } from '../graphql/field.js';
import type { Sources } from '../graphql/sources.js';
import { listMessages } from '../message/list-messages.js';
import { listRoomsOf } from '../room/list-rooms.js';
import { findUser, getUser, type UserNode } from './find-user.js';
import { updateProfile, UpdateProfileArguments } from './update-profile.js';

const ById = z.object({ id: uuid });
const usualRooms = 50;

export const userResolvers = ({ downstream, cursors }: Sources): Resolvers => ({
  Query: {
    me: (_: unknown, __: unknown, { caller }: RequestContext): UserNode => ({ id: caller.subject }),
    user: field({ arguments: ById }, (_, { id }, context) => getUser(downstream, id, context)),
  },
  Mutation: {
    updateProfile: field({ arguments: UpdateProfileArguments }, (_, { input }, context) => updateProfile(downstream, input, context)),
  },
  User: {
    username: async (node: UserNode, _: unknown, context: RequestContext) =>
      (await findUser(downstream, node, context))?.username ?? node.id,
    email: async (node: UserNode, _: unknown, context: RequestContext) => (await findUser(downstream, node, context))?.email,
    profile: (node: UserNode, _: unknown, context: RequestContext) => findUser(downstream, node, context),
    rooms: field({ rows: () => usualRooms }, ({ id }: UserNode, _, context) => listRoomsOf(downstream, id, context)),
    messages: field({ arguments: PageArguments, rows: ({ first }) => first }, ({ id }: UserNode, page, context) =>
      listMessages({ downstream, cursors }, { $case: 'authorId', value: id }, page, context),
    ),
  },
});
