import type { Adapter, AdapterPayload } from 'oidc-provider';
import { firstPartyMetadata, type FirstPartyClients } from '../clients/first-party.js';
import { findPartner, type Partner } from '../clients/partners.js';
import type { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { StateAdapter } from './state-adapter.js';

/** What oidc-provider keeps, and the clients, which it only reads. */
export function adapterFor(db: Db, vault: Vault, clients: FirstPartyClients, issuer: string): (model: string) => Adapter {
  const wantsToKnow = (clientId: string) => clientId === 'web-app' && clients['web-app']?.backchannelLogoutUri !== undefined;
  return (model) => (model === 'Client' ? new ClientAdapter(db, clients, issuer) : new StateAdapter(db, vault, model, wantsToKnow));
}

class ClientAdapter implements Adapter {
  readonly findByUid = refuse;
  readonly findByUserCode = refuse;
  readonly upsert = refuse;
  readonly consume = refuse;
  readonly destroy = refuse;
  readonly revokeByGrantId = refuse;

  constructor(
    private readonly db: Db,
    private readonly clients: FirstPartyClients,
    private readonly issuer: string,
  ) {}

  async find(clientId: string): Promise<AdapterPayload | undefined> {
    const own = firstPartyMetadata(this.clients, clientId, this.issuer);
    if (own) return own;
    const partner = await findPartner(this.db, clientId);
    return partner && partnerMetadata(partner);
  }
}

function partnerMetadata({ clientId, secretHash, name, scopes, bot, redirectUris, jwks, ...terms }: Partner): AdapterPayload {
  const forPeople = redirectUris.length > 0;
  return {
    client_id: clientId,
    client_name: name,
    ...(jwks ? { jwks, token_endpoint_auth_method: 'private_key_jwt' } : { client_secret: secretHash }),
    scope: [...(forPeople ? ['openid', 'offline_access'] : []), ...scopes].join(' '),
    bot_id: bot.id,
    bot_role: bot.role,
    redirect_uris: [...redirectUris],
    grant_types: ['client_credentials', ...(forPeople ? ['authorization_code', 'refresh_token'] : [])],
    response_types: forPeople ? ['code'] : [],
    tls_client_certificate_bound_access_tokens: terms.certificateBound,
    require_pushed_authorization_requests: terms.pushedRequests,
  };
}

const refuse = (): Promise<never> => Promise.reject(new Error('The library does not write clients'));
