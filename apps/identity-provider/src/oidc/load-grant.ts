import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { isFirstParty } from '../clients/first-party.js';

/** What somebody allowed a client. Our own applications may do what they are for without being asked. */
export async function loadGrant({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  const { client, session, provider, result } = oidc;
  if (!client || !session) return undefined;
  const grantId = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const known = grantId ? await provider.Grant.find(grantId) : undefined;
  if (!isFirstParty(client.clientId) || !session.accountId) return known;
  const grant = known ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  await allowEverything(grant, oidc, client.scope);
  return grant;
}

async function allowEverything(grant: Grant, oidc: KoaContextWithOIDC['oidc'], scope = ''): Promise<void> {
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(' '));
  for (const resource of Object.keys(oidc.resourceServers ?? {})) grant.addResourceScope(resource, scope);
  await grant.save();
}
