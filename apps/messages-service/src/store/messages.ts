import { sql, type Selectable } from 'kysely';
import { begin, type Message, type MessageEvent } from '../message.js';
import type { Db, MessageRow, Tables, Tx } from './tables.js';

/** Messages by id, each once for every viewer that it is asked for. */
export function selectMessages(asked: readonly { messageId: string; viewer: string }[]) {
  return sql<MessageRow & { viewer: string }>`
    select message.*, item.viewer, coalesce(mine.emojis, '{}') as mine
    from unnest(${asked.map(({ messageId }) => messageId)}::uuid[], ${asked.map(({ viewer }) => viewer)}::uuid[]) as item (id, viewer)
    join message on message.id = item.id
    left join lateral (
      select array_agg(emoji) as emojis from reaction where message_id = message.id and user_id = item.viewer
    ) mine on message.reactions <> '[]'`;
}

/** The message, held until the transaction ends. */
export function selectMessageForUpdate(tx: Tx, id: string) {
  return tx.selectFrom('message').selectAll().where('id', '=', id).forUpdate();
}

/** How somebody has reacted. Within a change, ask after the message is held: a statement that waits for it still sees what was before. */
export function selectReactions(db: Db, messageId: string, userId: string) {
  return db.selectFrom('reaction').select('emoji').where('message_id', '=', messageId).where('user_id', '=', userId);
}

/** What the author's client made with this id before. */
export function selectByClientId(db: Db, authorId: string, clientId: string) {
  return db.selectFrom('message').selectAll().where('author_id', '=', authorId).where('client_id', '=', clientId);
}

export function selectAuthorOf(db: Db, messageId: string, roomId: string) {
  return db.selectFrom('message').select('author_id').where('id', '=', messageId).where('room_id', '=', roomId);
}

/** Whoever posts in a room after us waits here, so that ids of a room become visible in their order. */
export function lockRoom(roomId: string) {
  return sql`select pg_advisory_xact_lock(hashtextextended(${roomId}, 0))`;
}

export function selectLastId(tx: Tx, roomId: string) {
  return tx.selectFrom('message').select('id').where('room_id', '=', roomId).orderBy('id', 'desc').limit(1);
}

/** Inserts a posted message; nothing where the author's client made it before. */
export function insertMessage(tx: Tx, message: Message, clientId: string | undefined) {
  return tx
    .insertInto('message')
    .values({ ...toRow(message), client_id: clientId ?? null })
    .onConflict((conflict) => conflict.columns(['author_id', 'client_id']).where('client_id', 'is not', null).doNothing())
    .returning('id');
}

export function updateMessage(tx: Tx, message: Message) {
  const { id, ...changed } = toRow(message);
  return tx.updateTable('message').set(changed).where('id', '=', id);
}

export function appendEvent(tx: Tx, { id, version }: Message, { type, at, ...data }: MessageEvent) {
  return tx.insertInto('message_event').values({ message_id: id, version, type, at, data: JSON.stringify(data) });
}

export function insertReaction(tx: Tx, messageId: string, { userId, emoji }: { userId: string; emoji: string }) {
  return tx.insertInto('reaction').values({ message_id: messageId, user_id: userId, emoji });
}

export function deleteReactions(tx: Tx, messageId: string, of?: { userId: string; emoji: string }) {
  const all = tx.deleteFrom('reaction').where('message_id', '=', messageId);
  return of ? all.where('user_id', '=', of.userId).where('emoji', '=', of.emoji) : all;
}

export interface Import {
  readonly event: MessageEvent & { type: 'imported' };
  readonly reactions: readonly { readonly userId: string; readonly emoji: string }[];
}

/** Inserts messages that do not exist yet, one statement whatever their number. Answers the ids of those. */
export function importMessages(imports: readonly Import[]) {
  const rows = imports.map(({ event }) => ({ ...toRow(begin(event)), reactions: event.message.reactions }));
  return sql<{ id: string }>`
    insert into message (id, room_id, author_id, type, content, reply_to, reactions, version, created_at, updated_at, deleted_at, edited)
    select id, room_id, author_id, type, content, reply_to, reactions, version, created_at, updated_at, deleted_at, edited
    from jsonb_populate_recordset(null::message, ${JSON.stringify(rows)}::jsonb)
    on conflict (id) do nothing
    returning id`;
}

export function importEvents(imports: readonly Import[]) {
  const rows = imports.map(({ event: { type, at, ...data } }) => ({ message_id: data.message.id, version: 1, type, at, data }));
  return sql`
    insert into message_event
    select * from jsonb_populate_recordset(null::message_event, ${JSON.stringify(rows)}::jsonb)`;
}

export function importReactions(imports: readonly Import[]) {
  const rows = imports.flatMap(({ event, reactions }) => reactions.map(({ userId, emoji }) => ({ id: event.message.id, userId, emoji })));
  return sql`
    insert into reaction (message_id, user_id, emoji)
    select * from unnest(
      ${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ userId }) => userId)}::uuid[], ${rows.map(({ emoji }) => emoji)}::text[]
    )
    on conflict do nothing`;
}

export function toMessage(row: Selectable<Tables['message']>): Message {
  return {
    id: row.id,
    roomId: row.room_id,
    authorId: row.author_id,
    type: row.type,
    content: row.content,
    replyTo: row.reply_to ?? undefined,
    reactions: row.reactions,
    attachments: row.attachments ?? [],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    deletedAt: row.deleted_at ?? undefined,
    edited: row.edited,
    version: row.version,
  };
}

function toRow(message: Message) {
  return {
    id: message.id,
    room_id: message.roomId,
    author_id: message.authorId,
    type: message.type,
    content: message.content,
    reply_to: message.replyTo ?? null,
    reactions: sql<Message['reactions']>`${JSON.stringify(message.reactions)}::jsonb`,
    attachments: attachmentsOf(message),
    version: message.version,
    created_at: message.createdAt,
    updated_at: message.updatedAt,
    deleted_at: message.deletedAt ?? null,
    edited: message.edited,
  };
}

function attachmentsOf({ attachments }: Message) {
  return attachments.length === 0 ? null : sql<Message['attachments']>`${JSON.stringify(attachments)}::jsonb`;
}
