import { condition, type Condition } from './conditions.js';
import { Networks } from './networks.js';

/** assurances: the classes of OpenID Connect's `acr` that identity-provider gives, the weakest first: one factor, several. */
export const assurances = ['urn:facet:acr:1', 'urn:facet:acr:2'] as const;

/** AssuranceNeeded: how sure a route wants to be who it is (RFC 9470). */
export interface AssuranceNeeded {
  /** At least this class. */
  readonly acr?: (typeof assurances)[number];
  /** Proven no longer ago than this. */
  readonly maxAgeSeconds?: number;
}

/** assured: a person proved who they are as strongly and as lately as that. Bots prove nothing of the kind. */
export function assured({ acr, maxAgeSeconds = Infinity }: AssuranceNeeded): Condition {
  const least = acr ? assurances.indexOf(acr) : 0;
  return condition(`has proven ${acr ?? 'who it is'} within ${maxAgeSeconds} s`, ({ assurance }, { now }) => {
    if (!assurance || (assurances as readonly string[]).indexOf(assurance.acr) < least) return false;
    if (maxAgeSeconds === Infinity) return true;
    return now && now.getTime() / 1_000 - assurance.authenticatedAt <= maxAgeSeconds;
  });
}

/** fromNetworks: the request came from one of these networks (CIDR). */
export function fromNetworks(networks: readonly string[]): Condition {
  const list = new Networks(networks);
  return condition('comes from an allowed network', (_, { address }) => (address === undefined ? undefined : list.has(address)));
}

/** fromCountries: the request came from one of these countries, or from none of those. A country that nobody knows is none of either. */
export function fromCountries({
  allowed,
  refused = [],
}: {
  readonly allowed?: readonly string[];
  readonly refused?: readonly string[];
}): Condition {
  return condition('comes from an allowed country', (_, { country }) => {
    if (country === undefined) return allowed ? undefined : true;
    return !refused.includes(country) && (allowed?.includes(country) ?? true);
  });
}

/** accountOlderThan: the account was opened longer ago than that. Its id says when: it is a UUIDv7 (RFC 9562, section 5.7). */
export function accountOlderThan(ms: number): Condition {
  return condition(`has an account for ${ms / 3_600_000} h`, ({ subject }, { now }) => {
    if (!now || subject[14] !== '7') return undefined;
    return now.getTime() - Number.parseInt(subject.slice(0, 8) + subject.slice(9, 13), 16) > ms;
  });
}
