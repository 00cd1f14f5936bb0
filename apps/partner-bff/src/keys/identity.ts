import { randomUUID } from 'node:crypto';
import { newCaller } from '@facet/auth';
import { Ending, RequestContext } from '@facet/context';
import type { KeyUse, VerifyKeyResponse } from '@facet/contracts/keys';
import { KeysService } from '@facet/contracts/keys/http';
import { clientOf, connectClients } from '@facet/downstream';
import type { Config } from '../config.js';

/** identity-provider, as far as keys go. It is asked before an endpoint is, by this application as itself; what it answers is no part of any answer. */
export interface Identity {
  verify(key: string): Promise<VerifyKeyResponse>;
  report(uses: readonly KeyUse[]): Promise<void>;
}

export function connectIdentity(config: Config): { readonly identity: Identity; close(): void } {
  const { INTERNAL_ROOT_KEY: rootKey, IDENTITY_DEADLINE_MS: deadlineMs } = config;
  const keys = { ...clientOf('identity', KeysService, config), service: KeysService, audience: 'identity-provider' };
  const { clients, close } = connectClients({ issuer: 'partner-bff', rootKey, tls: config, clients: { keys } });
  const itself = newCaller({ subject: 'partner-bff', kind: 'service', client: 'partner-bff', scopes: [], roles: [] });
  const now = () =>
    new RequestContext({ caller: itself, deadline: Date.now() + deadlineMs, ending: new Ending(), requestId: randomUUID() });
  const identity: Identity = {
    verify: (key) => clients.keys.verifyKey({ key }, now()),
    report: async (uses) => void (await clients.keys.reportKeyUses({ uses: [...uses] }, now())),
  };
  return { identity, close };
}
