import { UserCreated, UserDeleted, UserUpdated } from '@facet/contracts/users';
import { on } from '@facet/events';
import { usernameKey } from '../mentions.js';
import { deleteFeed } from '../store/notifications.js';
import type { Tx } from '../store/tables.js';

const keepUsername = async ({ userId, username }: UserCreated | UserUpdated, tx: Tx): Promise<void> => {
  const known = { username: usernameKey(username) };
  await tx
    .insertInto('known_user')
    .values({ id: userId, ...known })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(known))
    .execute();
};

/** Of who is gone there is neither name nor feed, nor what they have read. */
const forget = async ({ userId }: UserDeleted, tx: Tx): Promise<void> => {
  await tx.deleteFrom('known_user').where('id', '=', userId).execute();
  await deleteFeed(tx, userId);
};

export const knownUsers = [on(UserCreated, keepUsername), on(UserUpdated, keepUsername), on(UserDeleted, forget)];
