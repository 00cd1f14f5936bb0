import { MessagePosted } from '@facet/contracts/messages';
import { newId } from '@facet/database';
import { on } from '@facet/events';
import { excerptOf } from '../excerpt.js';
import { mentionsIn } from '../mentions.js';
import { recipientsOf, type Candidate } from '../recipients.js';
import { insertNotifications, lockFeeds, selectCandidates, selectRoomIsKnown } from '../store/notifications.js';
import type { Tx } from '../store/tables.js';
import { insertKnownMessages, moveReadMarker } from '../store/unread.js';

/** Something to read for everybody but its author, and a reason to look for those that it names or answers. */
export const messagePosted = on(MessagePosted, async (posted, tx: Tx, { time }) => {
  const { messageId: message_id, roomId: room_id, authorId: author_id } = posted;
  await insertKnownMessages(tx, [{ room_id, message_id, author_id, counts: true }]);
  await moveReadMarker(tx, { user_id: author_id, room_id, message_id }).execute();
  await notify(tx, await findRecipients(tx, posted), posted, posted.postedAt ?? time);
});

async function findRecipients(tx: Tx, { roomId, authorId, replyToAuthorId, content }: MessagePosted): Promise<Candidate[]> {
  const usernames = mentionsIn(content);
  if (usernames.length === 0 && !replyToAuthorId) return [];
  await requireRoom(tx, roomId);
  const { rows } = await selectCandidates(roomId, usernames, replyToAuthorId).execute(tx);
  return recipientsOf(authorId, rows);
}

/** Rooms come by a topic of their own: a room's first message may be here before the room. The event comes again a moment later. */
async function requireRoom(tx: Tx, roomId: string): Promise<void> {
  const known = await selectRoomIsKnown(tx, roomId).executeTakeFirst();
  if (!known) throw new Error('A message came from a room that is not known yet.');
}

async function notify(tx: Tx, recipients: readonly Candidate[], message: MessagePosted, at: Date): Promise<void> {
  if (recipients.length === 0) return;
  await lockFeeds(
    tx,
    recipients.map(({ userId }) => userId),
  );
  const text = excerptOf(message.content);
  const rows = recipients.map(({ userId, reason }) => ({
    id: newId(),
    user_id: userId,
    type: reason,
    room_id: message.roomId,
    message_id: message.messageId,
    author_id: message.authorId,
    text,
    created_at: at,
  }));
  await insertNotifications(rows).execute(tx);
}
