import type { Endpoint } from '@facet/discovery';
import { Member, type MemberWatcher } from './member.js';

/** BalancingPolicy: how a fleet chooses who takes a call. */
export type BalancingPolicy = 'round_robin' | 'weighted_round_robin' | 'ip_hash' | 'least_request' | 'dynamic' | 'nearest';

export interface FleetOptions {
  readonly policy: BalancingPolicy;
  readonly zone?: string | undefined;
  readonly now?: () => number;
  readonly random?: () => number;
  /** Told after each change of the table, or of who may take calls. */
  readonly onChange?: (() => void) | undefined;
}

/** Fleet: the instances of one target: which of them takes a call. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #watcher: MemberWatcher;
  #members: readonly Member[] = [];
  #able: readonly Member[] = [];

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#watcher = {
      departed: (member, items) => this.#charge(member, items),
      landed: () => {},
      changed: () => this.#review(),
    };
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  get usable(): boolean {
    return this.#members.some(({ reachable }) => reachable);
  }

  get breadth(): number {
    return Math.max(1, this.#able.length);
  }

  update(endpoints: readonly Endpoint[]): void {
    const known = new Map(this.#members.map((member) => [member.address, member]));
    this.#members = [...new Map(endpoints.map((endpoint) => [endpoint.address, endpoint])).values()].map((endpoint) => {
      const member = known.get(endpoint.address) ?? new Member(endpoint, this.#watcher);
      member.endpoint = endpoint;
      return member;
    });
    this.#review();
  }

  pick(_items: number, _key?: string, except?: Member): Member | undefined {
    let best: Member | undefined;
    for (const member of this.#able) {
      if (member === except && this.#able.length > 1) continue;
      if (!best || member.credit > best.credit) best = member;
    }
    return best;
  }

  /** Where the calls with this key go while nobody is full; undefined where the policy does not hash. Gathers a batch per instance. */
  homeOf(_key: string): Member | undefined {
    return undefined;
  }

  #charge(member: Member, items: number): void {
    for (const each of this.#able) each.credit += items / this.#able.length;
    member.credit -= items;
  }

  #review(): void {
    const able = this.#members.filter(({ reachable, serving }) => reachable && serving);
    this.#able = able.length > 0 ? able : this.#members;
    this.#options.onChange?.();
  }
}
