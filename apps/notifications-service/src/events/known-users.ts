import { UserCreated, UserUpdated } from '@facet/contracts/users';
import { on } from '@facet/events';
import { usernameKey } from '../mentions.js';
import type { Tx } from '../store/tables.js';

const keepUsername = async ({ userId, username }: UserCreated | UserUpdated, tx: Tx): Promise<void> => {
  const known = { username: usernameKey(username) };
  await tx
    .insertInto('known_user')
    .values({ id: userId, ...known })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(known))
    .execute();
};

export const knownUsers = [on(UserCreated, keepUsername), on(UserUpdated, keepUsername)];
