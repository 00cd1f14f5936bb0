import type { RequestContext } from '@facet/context';
import { within } from '@facet/database';
import { publish } from '@facet/events';
import type { Clock } from '../clock.js';
import { messageChanged } from '../events/published.js';
import { decide, evolve, type Command, type Message, type MessageEvent } from '../message.js';
import {
  appendEvent,
  deleteReactions,
  insertReaction,
  selectMessageForUpdate,
  selectReactions,
  toMessage,
  updateMessage,
} from '../store/messages.js';
import type { Db, Tx } from '../store/tables.js';

interface Changed {
  readonly message: Message;
  /** Whether the command did anything. */
  readonly changed: boolean;
  /** How the caller had reacted before. */
  readonly mine: readonly string[];
}

/** Carries a command out on a message that the caller may see: event, state and news in one transaction. */
export async function changeMessage(db: Db, clock: Clock, id: string, command: Command, context: RequestContext): Promise<Changed> {
  return await db.transaction().execute(async (tx) => {
    const before = toMessage(await selectMessageForUpdate(tx, id).executeTakeFirstOrThrow(within(context)));
    const reactions = await selectReactions(tx, id, context.caller.subject).execute(within(context));
    const mine = reactions.map(({ emoji }) => emoji);

    const event = decide(before, command, mine, clock.now());
    if (!event) return { message: before, changed: false, mine };

    const message = evolve(before, event);
    await keep(tx, message, event, context);
    await publish(tx, [messageChanged(message, event)]);
    return { message, changed: true, mine };
  });
}

async function keep(tx: Tx, message: Message, event: MessageEvent, context: RequestContext): Promise<void> {
  await appendEvent(tx, message, event).execute(within(context));
  await updateMessage(tx, message).execute(within(context));
  if (event.type === 'deleted') await deleteReactions(tx, message.id).execute(within(context));
  if (event.type === 'reaction-added') await insertReaction(tx, message.id, event).execute(within(context));
  if (event.type === 'reaction-removed') await deleteReactions(tx, message.id, event).execute(within(context));
}
