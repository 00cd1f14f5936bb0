import { sql } from 'kysely';
import type { Vault } from '../keys/vault.js';
import { aboutState } from '../oidc/state-adapter.js';
import type { Db } from '../store/tables.js';

interface GrantPayload {
  readonly clientId?: string;
  readonly openid?: { readonly scope?: string };
  readonly resources?: Readonly<Record<string, string>>;
}

/** What somebody allowed which applications. */
export async function allowedClients(db: Db, vault: Vault, accountId: string) {
  const rows = await db
    .selectFrom('oidc_state')
    .select(['id_hash', 'sealed', 'key_version', 'created_at'])
    .where('account_id', '=', accountId)
    .where('model', '=', 'Grant')
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(({ id_hash, created_at, ...sealed }) => {
    const grant = JSON.parse(vault.open(sealed, aboutState('Grant', id_hash))) as GrantPayload;
    const scopes = [grant.openid?.scope, ...Object.values(grant.resources ?? {})].flatMap((scope) => scope?.split(' ') ?? []);
    return { client: grant.clientId ?? null, scopes: [...new Set(scopes)].sort(), since: created_at };
  });
}
