import type { Adapter, AdapterPayload } from 'oidc-provider';
import { findPartner } from '../clients/partners.js';
import type { Vault } from '../keys/vault.js';
import type { Db } from '../store/tables.js';
import { StateAdapter } from './state-adapter.js';

/** What oidc-provider keeps, and the clients, which it only reads. */
export function adapterFor(db: Db, vault: Vault): (model: string) => Adapter {
  return (model) => (model === 'Client' ? new ClientAdapter(db) : new StateAdapter(db, vault, model));
}

class ClientAdapter implements Adapter {
  readonly findByUid = refuse;
  readonly findByUserCode = refuse;
  readonly upsert = refuse;
  readonly consume = refuse;
  readonly destroy = refuse;
  readonly revokeByGrantId = refuse;

  constructor(private readonly db: Db) {}

  async find(clientId: string): Promise<AdapterPayload | undefined> {
    const partner = await findPartner(this.db, clientId);
    if (!partner) return undefined;
    return {
      client_id: partner.clientId,
      client_secret: partner.secretHash,
      scope: partner.scopes.join(' '),
      bot_id: partner.bot.id,
      bot_role: partner.bot.role,
    };
  }
}

const refuse = (): Promise<never> => Promise.reject(new Error('The library does not write clients'));
