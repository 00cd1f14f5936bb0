import { networkIn } from '@facet/auth';
import type { Partner } from '../clients/partners.js';

/** What somebody wants of a new key. */
export interface KeyOrder {
  readonly clientId: string;
  /** What it is for, in his own words. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** As CIDR or single addresses; none: from everywhere. */
  readonly networks: readonly string[];
  readonly days: number;
}

/** What is wrong with an order. */
export type KeyFault = 'no such partner' | 'name' | 'scopes' | 'networks' | 'days' | 'two live keys';

export const longestName = 60;
export const mostDays = 366;
const mostNetworks = 20;

/** The order as it is kept, or what is wrong with it. */
export function checkOrder(order: KeyOrder, partner: Partner): KeyOrder | KeyFault {
  const name = order.name.trim().normalize('NFC');
  const scopes = [...new Set(order.scopes)].sort();
  const networks = [...new Set(order.networks.map(networkIn))];
  if (name === '' || [...name].length > longestName || /\p{C}/u.test(name)) return 'name';
  if (scopes.length === 0 || scopes.some((scope) => !partner.scopes.some((allowed) => allowed === scope))) return 'scopes';
  if (networks.length > mostNetworks || !areNetworks(networks)) return 'networks';
  if (!Number.isInteger(order.days) || order.days < 1 || order.days > mostDays) return 'days';
  return { clientId: order.clientId, name, scopes, networks, days: order.days };
}

function areNetworks(networks: readonly (string | undefined)[]): networks is readonly string[] {
  return networks.every((network) => network !== undefined);
}
