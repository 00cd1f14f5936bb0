import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { AddReactionResponse, RemoveReactionResponse } from '@facet/contracts/messages';
import type { Clock } from '../clock.js';
import type { Db } from '../store/tables.js';
import { changeMessage } from './change-message.js';
import { findMessage } from './find-messages.js';
import type { React } from './requests.js';

export async function addReaction(db: Db, clock: Clock, request: React, context: RequestContext): Promise<AddReactionResponse> {
  const { caller } = context;
  const { messageId, emoji } = request;
  refuseEarly(caller, 'message:react');
  await findMessage(db, { caller, request }, { rule: 'message:react' }, context);

  const { message } = await changeMessage(db, clock, messageId, { type: 'react', userId: caller.subject, emoji }, context);

  const count = message.reactions.find((reaction) => reaction.emoji === emoji)?.count ?? 0;
  return { reaction: { emoji, count, mine: true } };
}

/** For whoever still sees the message, though they may have left the room. */
export async function removeReaction(db: Db, clock: Clock, request: React, context: RequestContext): Promise<RemoveReactionResponse> {
  const { caller } = context;
  const { messageId, emoji } = request;
  refuseEarly(caller, 'message:unreact');
  await findMessage(db, { caller, request }, { rule: 'message:unreact' }, context);

  const { changed } = await changeMessage(db, clock, messageId, { type: 'unreact', userId: caller.subject, emoji }, context);

  return { removed: changed };
}
