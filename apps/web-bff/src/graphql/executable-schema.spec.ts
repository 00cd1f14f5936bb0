import { printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cursors } from '@facet/edge';
import type { Downstream } from '../downstream.js';
import { toSchema, webSchema } from './executable-schema.js';
import { field } from './field.js';

const access = 'directive @access(rule: String) on FIELD_DEFINITION';
const schemaOf =
  (sdl: string, resolvers = {}) =>
  () =>
    toSchema([access, sdl], [resolvers]);

describe('toSchema', () => {
  it('does not start with a query that does not say who may use it', () => {
    expect(schemaOf('type Query { me: String }')).toThrow('Query.me declares no @access');
  });

  it('does not start with a mutation that does not say who may use it', () => {
    expect(schemaOf('type Query { me: String @access } type Mutation { say: String }')).toThrow('Mutation.say declares no @access');
  });

  it('does not start with a rule that our policy does not have', () => {
    expect(schemaOf('type Query { me: String @access(rule: "room:look") }')).toThrow('unknown rule room:look');
  });

  it('does not start with an argument that nobody checks', () => {
    expect(schemaOf('type Query { me(id: ID!): String @access }')).toThrow('Query.me does not say what its arguments must be');
  });

  it('does not start with a list of unknown size', () => {
    const sdl = 'type Query { rooms: [Room!]! @access } type Room { id: ID! }';
    expect(schemaOf(sdl, { Query: { rooms: () => [] } })).toThrow('Query.rooms does not say how many rows to expect');
    expect(schemaOf(sdl, { Query: { rooms: field({ rows: () => 1 }, () => []) } })).not.toThrow();
  });

  it.each(['interface Being { id: ID! }', 'union Being = Person'])('does not start with an %s', (abstract) => {
    const sdl = `type Query { me: Person @access } type Person { id: ID! } ${abstract}`;
    expect(schemaOf(sdl)).toThrow('Being is an interface or a union, and plans are made for objects');
  });

  it('does not start with a resolver that no field has', () => {
    expect(schemaOf('type Query { me: String @access }', { Query: { you: field({ arguments: z.object({}) }, () => null) } })).toThrow(
      'Query.you is not in the schema',
    );
  });
});

describe('webSchema', () => {
  const sdl = printSchema(webSchema({ downstream: {} as Downstream, cursors: new Cursors(new Uint8Array(32)) })).replace(
    /"""[^"]*"""\s*/g,
    '',
  );

  it.each([
    'type User { id: ID! username: String! email: String profile: UserProfile rooms: [Room!]! messages(first: Int, after: String): MessageConnection }',
    'type UserProfile { name: String! about: String avatarUrl: String }',
    'type Room { id: ID! name: String! type: RoomType! topic: String members: [User!]! messages(first: Int, after: String): MessageConnection lastMessage: Message unreadCount(userId: ID!): Int }',
    'type Message { id: ID! content: String! type: MessageType! user: User! room: Room! replyTo: Message reactions: [Reaction!]! attachments: [Attachment!]! createdAt: DateTime! updatedAt: DateTime! deletedAt: DateTime }',
    'type Reaction { emoji: String! count: Int! mine: Boolean! }',
    'type Attachment { id: ID! name: String! type: String! size: Int! width: Int height: Int url: String! thumbnails: [Thumbnail!]! }',
    'type Thumbnail { width: Int! url: String! }',
    'enum RoomType { PUBLIC PRIVATE DIRECT }',
    'enum MessageType { TEXT SYSTEM }',
    'type Query { me: User user(id: ID!): User room(id: ID!): Room rooms(first: Int, after: String): RoomConnection! notifications(first: Int, after: String): NotificationConnection }',
    'type Mutation { updateProfile(input: UpdateProfileInput!): User! createRoom(input: CreateRoomInput!): Room! joinRoom(id: ID!): Room! leaveRoom(id: ID!): Boolean! markRead(roomId: ID!, messageId: ID!): Room! sendMessage(input: SendMessageInput!): Message! editMessage(id: ID!, content: String!): Message! deleteMessage(id: ID!): Boolean! addReaction(messageId: ID!, emoji: String!): Reaction! removeReaction(messageId: ID!, emoji: String!): Boolean! }',
    'input SendMessageInput { roomId: ID! content: String! replyTo: ID clientId: ID attachmentIds: [ID!] }',
    'input CreateRoomInput { name: String! type: RoomType! topic: String memberIds: [ID!] }',
    'input UpdateProfileInput { name: String about: String avatarUrl: String }',
    'type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }',
  ])('promises %s', (type) => {
    expect(sdl.replace(/\s+/g, ' ')).toContain(type);
  });

  it.each(['searchMessages', 'Subscription'])('has no %s yet', (name) => {
    expect(sdl).not.toContain(name);
  });
});
