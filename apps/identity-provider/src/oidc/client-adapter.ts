import type { Adapter, AdapterPayload } from 'oidc-provider';
import { findPartner } from '../clients/partners.js';
import type { Db } from '../store/tables.js';

/**
 * What oidc-provider keeps. The one grant that is on, client credentials, needs clients alone: its tokens are JWTs, which nobody stores. Whatever else
 * the library would keep is refused, so that nothing can rest in memory that a restart loses.
 */
export function adapterFor(db: Db): (model: string) => Adapter {
  return (model) => (model === 'Client' ? { ...unused(model), find: (id) => clientMetadata(db, id) } : unused(model));
}

async function clientMetadata(db: Db, clientId: string): Promise<AdapterPayload | undefined> {
  const partner = await findPartner(db, clientId);
  if (!partner) return undefined;
  return {
    client_id: partner.clientId,
    client_secret: partner.secretHash,
    scope: partner.scopes.join(' '),
    bot_id: partner.bot.id,
    bot_role: partner.bot.role,
  };
}

function unused(model: string): Adapter {
  const refuse = (): Promise<never> => Promise.reject(new Error(`No grant that is on keeps a ${model}`));
  return {
    find: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  };
}
