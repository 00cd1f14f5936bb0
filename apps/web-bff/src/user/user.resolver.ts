import { uuid } from '@facet/edge';
import { z } from 'zod';
import { PageArguments } from '../graphql/connection.js';
import { field, type Resolvers } from '../graphql/field.js';
import type { Sources } from '../graphql/sources.js';
import type { Viewing } from '../graphql/viewing.js';
import { listMessages } from '../message/list-messages.js';
import { listRoomsOf } from '../room/list-rooms.js';
import type { UserNode } from './people.js';
import { updateProfile, UpdateProfileArguments } from './update-profile.js';

const ById = z.object({ id: uuid });
const usualRooms = 50;

export const userResolvers = ({ downstream, cursors }: Sources): Resolvers => ({
  Query: {
    me: (_: unknown, __: unknown, { context }: Viewing): UserNode => ({ id: context.caller.subject }),
    user: field({ arguments: ById }, (_, { id }, { people }) => people.get(id)),
  },
  Mutation: {
    updateProfile: field({ arguments: UpdateProfileArguments }, async (_, { input }, { context, people }) =>
      people.learn(await updateProfile(downstream, input, context)),
    ),
  },
  User: {
    username: async ({ id }: UserNode, _: unknown, { people }: Viewing) => (await people.find(id))?.username ?? id,
    email: async ({ id }: UserNode, _: unknown, { people }: Viewing) => (await people.find(id))?.email,
    profile: ({ id }: UserNode, _: unknown, { people }: Viewing) => people.find(id),
    rooms: field({ rows: () => usualRooms }, ({ id }: UserNode, _, { context }) => listRoomsOf(downstream, id, context)),
    messages: field({ arguments: PageArguments, rows: ({ first }) => first }, ({ id }: UserNode, page, { context }) =>
      listMessages({ downstream, cursors }, { $case: 'authorId', value: id }, page, context),
    ),
  },
});
