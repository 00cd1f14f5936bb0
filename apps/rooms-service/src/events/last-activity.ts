import { MessagePosted, MessagesImported } from '@facet/contracts/messages';
import { on } from '@facet/events';
import { touchRoom } from '../store/rooms.js';
import type { Tx } from '../store/tables.js';

export const messagePosted = on(MessagePosted, async ({ roomId, postedAt }, tx: Tx, { time }) => {
  await touchRoom(tx, roomId, postedAt ?? time).execute();
});

export const messagesImported = on(MessagesImported, async ({ roomId, messages }, tx: Tx) => {
  const last = Math.max(...messages.map(({ postedAt }) => postedAt?.getTime() ?? 0));
  if (last > 0) await touchRoom(tx, roomId, new Date(last)).execute();
});
