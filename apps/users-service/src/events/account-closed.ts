import { AccountClosed } from '@facet/contracts/accounts';
import { on, publish } from '@facet/events';
import { buryProfile } from '../store/profiles.js';
import type { Tx } from '../store/tables.js';
import { userDeleted } from './published.js';

/** Whoever is gone leaves a tombstone, so that what they said is still by somebody, and by nobody known. */
export const accountClosed = on(AccountClosed, async ({ accountId, closedAt }, tx: Tx, { time }) => {
  const at = closedAt ?? time;

  const buried = await buryProfile(tx, accountId, at).executeTakeFirst();

  if (buried) await publish(tx, [userDeleted(accountId, at)]);
});
