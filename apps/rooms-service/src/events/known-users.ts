import { UserCreated } from '@facet/contracts/users';
import { on } from '@facet/events';
import { insertKnownUser } from '../store/members.js';
import type { Tx } from '../store/tables.js';

export const userCreated = on(UserCreated, async ({ userId }, tx: Tx) => {
  await insertKnownUser(tx, userId).execute();
});
