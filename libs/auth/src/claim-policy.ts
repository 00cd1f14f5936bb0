import type { Caller } from '@facet/context';
import { audienceOf } from './clients.js';

/** ClaimPolicies: for each issuer of internal tokens, which callers it may speak for. An issuer without a policy may speak for nobody. */
export type ClaimPolicies = Readonly<Record<string, (caller: Caller) => boolean>>;

/** claimPolicies: a BFF speaks for those who came through a client of its own, only partners have bots, and the importer speaks for itself. */
export const claimPolicies: ClaimPolicies = {
  'web-bff': (caller) => caller.kind === 'user' && audienceOf(caller.client) === 'web-bff',
  'mobile-bff': (caller) => caller.kind === 'user' && audienceOf(caller.client) === 'mobile-bff',
  'partner-bff': (caller) => caller.kind !== 'service' && audienceOf(caller.client) === 'partner-bff',
  importer: (caller) => caller.kind === 'service' && caller.subject === 'importer',
};
