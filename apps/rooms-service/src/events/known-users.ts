import { UserCreated, UserDeleted } from '@facet/contracts/users';
import { on, publish } from '@facet/events';
import { deleteKnownUser, deleteMemberships, insertKnownUser, lockRoomsOf } from '../store/members.js';
import type { Tx } from '../store/tables.js';
import { memberLeft } from './published.js';

export const userCreated = on(UserCreated, async ({ userId }, tx: Tx) => {
  await insertKnownUser(tx, userId).execute();
});

/** Whoever is gone has left all rooms but the direct ones, whose members never change. */
export const userDeleted = on(UserDeleted, async ({ userId, deletedAt }, tx: Tx, { time }) => {
  await deleteKnownUser(tx, userId).execute();

  const rooms = await lockRoomsOf(tx, userId).execute();
  if (rooms.length === 0) return;

  const roomIds = rooms.map(({ id }) => id);
  await deleteMemberships(userId, roomIds).execute(tx);
  await publish(
    tx,
    roomIds.map((roomId) => memberLeft(roomId, userId, deletedAt ?? time)),
  );
});
