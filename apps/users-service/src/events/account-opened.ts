import { AccountOpened } from '@facet/contracts/accounts';
import { on, publish } from '@facet/events';
import { openProfile, selectTaken } from '../store/profiles.js';
import type { NewProfile, Tx } from '../store/tables.js';
import { userCreated } from './published.js';

/** Whoever can sign in has a profile. */
export const accountOpened = on(AccountOpened, async (account, tx: Tx, meta) => {
  const wanted = toProfile(account, meta.time);
  const [taken] = await selectTaken(tx, [wanted]).execute();
  const profile = taken ? { ...wanted, username: distinctUsername(wanted) } : wanted;

  const opened = await openProfile(tx, profile).executeTakeFirst();

  if (opened?.created) await publish(tx, [userCreated(profile)]);
});

function toProfile({ accountId, username, name, email, openedAt }: AccountOpened, time: Date): NewProfile {
  const at = openedAt ?? time;
  return {
    id: accountId,
    username,
    name: name || username,
    about: null,
    avatar_url: null,
    email: email || null,
    created_at: at,
    updated_at: at,
  };
}

/** An import may have given the name to somebody else before. Without a profile nobody could use the product, so the name gives way. */
function distinctUsername({ id, username }: NewProfile): string {
  return `${username}-${id.slice(-6)}`;
}
