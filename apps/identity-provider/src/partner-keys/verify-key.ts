import { scopesWithin } from '../clients/partners.js';
import type { PartnerKeys } from './partner-keys.js';
import type { KeyVerdict } from './keys.view.js';

/** Whom a key speaks for at this moment: the partner's bot, with its role of now, and no scope that the partner has lost since the key was made. */
export async function verifyKey(keys: PartnerKeys, key: string): Promise<KeyVerdict> {
  const found = await keys.find(key);
  if (!found) return { asOf: new Date().toISOString() };
  const { id, client_id: clientId, bot_id: subject, role, networks, expires_at, as_of, allowed_scopes } = found;
  const allowed: readonly string[] = scopesWithin(role, allowed_scopes);
  const scopes = found.scopes.filter((scope) => allowed.includes(scope));
  return {
    key: { id, clientId, subject, roles: [role], scopes, networks, expiresAt: expires_at.toISOString() },
    asOf: as_of.toISOString(),
  };
}
