import type { RequestContext } from '@facet/context';
import { MessageType, type Message } from '@facet/contracts/messages';
import { uuid } from '@facet/edge';
import { z } from 'zod';
import { toAttachment } from '../attachment/to-attachment.js';
import { field, named, type Resolvers } from '../graphql/field.js';
import type { Sources } from '../graphql/sources.js';
import { getRoom } from '../room/get-room.js';
import type { UserNode } from '../user/user-node.js';
import {
  addReaction,
  deleteMessage,
  editMessage,
  EditMessageArguments,
  ReactionArguments,
  removeReaction,
  sendMessage,
  SendMessageArguments,
} from './change-messages.js';
import { getMessage } from './get-message.js';

const ById = z.object({ id: uuid });

export const messageResolvers = ({ downstream }: Sources): Resolvers => ({
  Mutation: {
    sendMessage: field({ arguments: SendMessageArguments }, (_, { input }, context) => sendMessage(downstream, input, context)),
    editMessage: field({ arguments: EditMessageArguments }, (_, edit, context) => editMessage(downstream, edit, context)),
    deleteMessage: field({ arguments: ById }, (_, { id }, context) => deleteMessage(downstream, id, context)),
    addReaction: field({ arguments: ReactionArguments }, (_, reaction, context) => addReaction(downstream, reaction, context)),
    removeReaction: field({ arguments: ReactionArguments }, (_, reaction, context) => removeReaction(downstream, reaction, context)),
  },
  Message: {
    type: named('type', { TEXT: MessageType.MESSAGE_TYPE_TEXT, SYSTEM: MessageType.MESSAGE_TYPE_SYSTEM }),
    // They come with the message, at most ten and mostly none: no row to be found.
    attachments: field({ rows: () => 0 }, ({ attachments }: Message) => attachments.map(toAttachment)),
    user: ({ authorId }: Message): UserNode => ({ id: authorId }),
    room: ({ roomId }: Message, _: unknown, context: RequestContext) => getRoom(downstream, roomId, context),
    replyTo: ({ replyTo, roomId }: Message, _: unknown, context: RequestContext) =>
      replyTo ? getMessage(downstream, { messageId: replyTo, roomId }, context) : null,
  },
});
