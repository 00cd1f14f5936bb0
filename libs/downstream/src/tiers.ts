import { Fleet } from '@facet/balancing';
import { discover, type Discovery, type Report } from '@facet/discovery';
import type { OwnCertificate } from '@facet/service-kit/tls';
import { Bulkhead } from './bulkhead.js';
import { openChannel } from './channel.js';
import { ConnectionSecurity } from './connection-security.js';
import { fleetMetrics } from './fleet-metrics.js';
import { openHttpChannel } from './http-channel.js';
import { policyFor, type PolicyOptions } from './policy.js';
import { RetryBudget } from './retry-budget.js';
import { Roster } from './roster.js';
import type { Tier } from './tier.js';

/** TierOptions: a target, who is there, how it is spoken to, and the policy of who comes first. */
export interface TierOptions {
  readonly target: string;
  readonly audience: string;
  readonly kind: 'grpc' | 'http';
  readonly policy: PolicyOptions;
  readonly zone: string | undefined;
}

/** Tiers: every target of this process, once each: followed in its registry, balanced over, and closed together. */
export class Tiers {
  readonly #tiers = new Map<string, Tier>();
  readonly #discoveries: Discovery[] = [];

  constructor(
    private readonly report: Report,
    private readonly certificate?: OwnCertificate,
  ) {}

  /** The tier of a service at a target; the first who asks decides its policy. */
  at(options: TierOptions): Tier {
    const name = `${options.kind} ${options.audience} ${options.target}`;
    const tier = this.#tiers.get(name) ?? this.#open(options);
    this.#tiers.set(name, tier);
    return tier;
  }

  /** Addresses by target. */
  instances(): Readonly<Record<string, readonly string[]>> {
    const tables = Array.from(this.#tiers.values(), ({ target, roster }) => [target, roster.fleet.members.map(({ address }) => address)]);
    return Object.fromEntries(tables) as Record<string, readonly string[]>;
  }

  close(): void {
    for (const discovery of this.#discoveries) discovery.close();
    for (const { channel } of this.#tiers.values()) channel.close();
    this.certificate?.close();
  }

  #open({ target, audience, kind, policy, zone }: TierOptions): Tier {
    const { retryBudget, bulkhead, balance } = policyFor(policy);
    const metrics = fleetMetrics(target);
    const fleet: Fleet = new Fleet({ ...balance, zone, onChange: () => metrics.changed(fleet), onEjection: metrics.ejected });
    const roster = new Roster(fleet);
    const security = new ConnectionSecurity({ expected: audience, certificate: this.certificate, report: this.report });
    const channel = kind === 'http' ? openHttpChannel(roster, security) : openChannel(roster, security);
    this.#discoveries.push(discover(target, (endpoints) => roster.update(endpoints), { report: this.report }));
    return { target, roster, channel, budget: new RetryBudget(retryBudget), bulkhead: new Bulkhead(bulkhead) };
  }
}
