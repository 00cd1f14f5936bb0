import { hash, timingSafeEqual } from 'node:crypto';
import { scopesOf, type Role, type Scope } from '@facet/auth';
import type { JSONWebKeySet } from 'jose';
import type { Account } from '../accounts/accounts.js';
import type { Db } from '../store/tables.js';

/** A partner's application: it acts as its bot, within what the bot's role allows. */
export interface Partner {
  readonly clientId: string;
  readonly secretHash: string;
  readonly bot: Pick<Account, 'id' | 'role'>;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Where people come back to who let it act for them; without any it acts as its bot alone. */
  readonly redirectUris: readonly string[];
  /** With keys it proves itself by them (private_key_jwt) and its secret counts no more. */
  readonly jwks: JSONWebKeySet | null;
  /** Its tokens are good only with the certificate that it shows. */
  readonly certificateBound: boolean;
  /** It must push its authorization requests. */
  readonly pushedRequests: boolean;
}

export async function findPartner(db: Db, clientId: string): Promise<Partner | undefined> {
  const row = await db
    .selectFrom('partner')
    .innerJoin('account', 'account.id', 'partner.bot_id')
    .select(['client_id', 'secret_hash', 'bot_id', 'role', 'name', 'redirect_uris', 'jwks'])
    .select(['allowed_scopes', 'certificate_bound', 'pushed_requests'])
    .where('client_id', '=', clientId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (!row) return undefined;
  const { secret_hash: secretHash, name, jwks, redirect_uris: redirectUris, allowed_scopes: most } = row;
  return {
    ...{ clientId, secretHash, name, jwks, redirectUris, bot: { id: row.bot_id, role: row.role } },
    scopes: scopesWithin(row.role, most),
    certificateBound: row.certificate_bound,
    pushedRequests: row.pushed_requests,
  };
}

/** What a partner may do: what its bot's role allows, or less where it is registered so. */
export function scopesWithin(role: Role, most: readonly string[] | null): Scope[] {
  return scopesOf([role]).filter((scope) => most?.includes(scope) ?? true);
}

/** Registers a partner's application, or gives the known one another secret. */
export async function registerPartner(
  db: Db,
  { clientId, botId, secret }: { clientId: string; botId: string; secret: string },
): Promise<void> {
  const change = { secret_hash: secretHashOf(secret), bot_id: botId };
  await db
    .insertInto('partner')
    .values({ client_id: clientId, ...change })
    .onConflict((conflict) => conflict.column('client_id').doUpdateSet(change))
    .execute();
}

// A slow hash protects what people think up. These secrets are random and long, so guessing one is hopeless whatever the hash.
export function secretHashOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

export function isSecretOf(secretHash: string, given: string): boolean {
  const [expected, actual] = [secretHash, secretHashOf(given)].map((text) => Buffer.from(text));
  return expected!.length === actual!.length && timingSafeEqual(expected!, actual!);
}
