import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { MessageType, type ImportMessagesResponse } from '@facet/contracts/messages';
import { within } from '@facet/database';
import { publish } from '@facet/events';
import { messagesImported } from '../events/published.js';
import { begin, type ReactionCount } from '../message.js';
import { importEvents, importMessages as insertMessages, importReactions, type Import } from '../store/messages.js';
import type { Db } from '../store/tables.js';
import type { ImportedMessage, ImportMessages } from './requests.js';

export async function importMessages(db: Db, request: ImportMessages, context: RequestContext): Promise<ImportMessagesResponse> {
  authorize(context.caller, 'import');

  const imports = [...new Map(request.messages.map((imported) => [imported.message.id, toImport(imported)])).values()];

  const created = await db.transaction().execute(async (tx) => {
    const { rows } = await insertMessages(imports).execute(tx, within(context));
    const ids = new Set(rows.map(({ id }) => id));
    const fresh = imports.filter(({ event }) => ids.has(event.message.id));
    await importEvents(fresh).execute(tx, within(context));
    await importReactions(fresh).execute(tx, within(context));
    await publish(
      tx,
      messagesImported(
        fresh.map(({ event }) => begin(event)),
        request.unread,
      ),
    );
    return fresh.length;
  });

  return { created };
}

function toImport({ message, reactions }: ImportedMessage): Import {
  const { id, roomId, authorId, replyTo, createdAt: at, deletedAt, edited } = message;
  const type = message.type === MessageType.MESSAGE_TYPE_SYSTEM ? 'system' : 'text';
  const shown = deletedAt ? [] : distinct(reactions);
  const content = deletedAt ? '' : message.content;
  const first = { id, roomId, authorId, type, content, replyTo, reactions: countsOf(shown), deletedAt, edited } as const;
  return { event: { type: 'imported', at, message: first }, reactions: shown };
}

function distinct(reactions: ImportedMessage['reactions']): ImportedMessage['reactions'] {
  return [...new Map(reactions.map((reaction) => [`${reaction.userId} ${reaction.emoji}`, reaction])).values()];
}

function countsOf(reactions: ImportedMessage['reactions']): ReactionCount[] {
  return [...Map.groupBy(reactions, ({ emoji }) => emoji)].map(([emoji, used]) => ({ emoji, count: used.length }));
}
