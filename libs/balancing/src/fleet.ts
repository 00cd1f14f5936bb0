import type { Endpoint } from '@facet/discovery';
import { chooserOf } from './chooser-of.js';
import type { Chooser } from './chooser.js';
import { Member, type Landing, type MemberWatcher } from './member.js';
import type { FleetOptions } from './options.js';
import { Outliers } from './outliers.js';
import { SlowStart } from './slow-start.js';
import { whoTakesCalls } from './who-takes-calls.js';

/**
 * Fleet: the instances of one target, what is known of each, and which of them takes a call. It has no timer: what time brings (who was taken
 * out comes back, a slow start goes on) is done when somebody picks or lands, or calls `sweep`.
 */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #now: () => number;
  readonly #chooser: Chooser;
  readonly #outliers: Outliers | undefined;
  readonly #slowStart: SlowStart;
  readonly #watcher: MemberWatcher;
  #members: readonly Member[] = [];
  #seated: readonly Member[] = [];
  #usable = false;
  #anyEjected = false;

  constructor(options: FleetOptions) {
    const { now = () => performance.now(), random = Math.random, outlier = {}, slowStart } = options;
    this.#options = options;
    this.#now = now;
    this.#chooser = chooserOf({ ...options, now, random, all: () => this.#members });
    this.#slowStart = new SlowStart(slowStart);
    const ejections = {
      ejected: (member: Member) => this.#ejectionOf(member),
      returned: (member: Member) => this.#ejectionOf(member),
    };
    this.#outliers = outlier ? new Outliers(outlier, ejections, now()) : undefined;
    this.#watcher = {
      departed: (member, items) => this.#chooser.departed?.(member, items),
      landed: (member, items, ms, landing) => this.#landed(member, items, ms, landing),
      changed: (member, wasAble) => this.#changed(member, wasAble),
    };
  }

  /** Those in the table. */
  get members(): readonly Member[] {
    return this.#members;
  }

  /** Somebody may take a call now: there is a member, and not all are out of reach. */
  get usable(): boolean {
    return this.#usable;
  }

  /** How many instances take calls now, at least 1. */
  get breadth(): number {
    return Math.max(1, this.#chooser.breadth ?? this.#seated.length);
  }

  /** Takes a new table. Members that stay keep their state, by address; newcomers start slowly unless all are. */
  update(endpoints: readonly Endpoint[]): void {
    const known = new Map(this.#members.map((member) => [member.address, member]));
    const table = new Map(endpoints.map((endpoint) => [endpoint.address, endpoint]));
    const anyStays = this.#members.some(({ address }) => table.has(address));
    const now = this.#now();
    this.#members = Array.from(table.values(), (endpoint) => {
      const stays = known.get(endpoint.address);
      const member = stays ?? new Member(endpoint, this.#watcher);
      member.endpoint = endpoint;
      if (!stays && anyStays) this.#slowStart.begin(member, now);
      known.delete(endpoint.address);
      return member;
    });
    for (const gone of known.values()) this.#slowStart.forget(gone);
    this.#anyEjected = this.#members.some(({ ejected }) => ejected);
    this.#seat();
    this.#options.onChange?.();
  }

  /**
   * Chooses who takes so many items; claims nothing until the member is told `departed`. `key` is what `ip_hash` goes by. `except` is chosen
   * only where there is nobody else. Undefined where the table is empty.
   */
  pick(items: number, key?: string, except?: Member): Member | undefined {
    if (this.#anyEjected || this.#slowStart.running) this.sweep();
    return this.#seated.length > 1 ? this.#chooser.pick(items, key, except) : this.#seated[0];
  }

  /** Where calls with this key go while nobody is full, to gather batches by; undefined where the policy does not go by keys. */
  homeOf(key: string): Member | undefined {
    return this.#chooser.homeOf?.(key);
  }

  /** Does what is due by now. */
  sweep(now = this.#now()): void {
    if (this.#slowStart.running && this.#slowStart.step(now)) this.#seat();
    this.#outliers?.sweep(this.#members, now);
  }

  #landed(member: Member, items: number, ms: number, landing: Landing): void {
    if (!this.#members.includes(member)) return;
    const now = this.#now();
    this.sweep(now);
    this.#chooser.landed?.(member, ms, landing, now);
    if (landing !== 'left') this.#outliers?.landed(member, items, ms, landing === 'succeeded', this.#members, now);
  }

  /** A new connection is to another process, or on another path: what was held against the old one is over. */
  #changed(member: Member, wasAble: boolean): void {
    if (!this.#members.includes(member)) return;
    const now = this.#now();
    if (wasAble && !member.able) this.#slowStart.left(member, now);
    if (!wasAble && member.able) {
      this.#slowStart.returned(member, now);
      if (member.ejected) {
        member.tally.pardon();
        return this.#ejectionOf(member);
      }
      member.tally.pardon();
    }
    this.#review();
  }

  #ejectionOf(member: Member): void {
    if (!member.ejected) this.#slowStart.begin(member, this.#now());
    this.#anyEjected = this.#members.some(({ ejected }) => ejected);
    this.#options.onEjection?.(member, member.ejected);
    this.#review();
  }

  /** Tells who takes calls, where that is another than before. */
  #review(): void {
    const [seated, usable] = [this.#seated, this.#usable];
    this.#seat();
    const same = usable === this.#usable && seated.length === this.#seated.length && seated.every((one, at) => one === this.#seated[at]);
    if (!same) this.#options.onChange?.();
  }

  #seat(): void {
    const byWeight = this.#options.policy !== 'round_robin';
    for (const member of this.#members) member.share = byWeight ? member.weight * member.ramp : member.ramp;
    this.#seated = whoTakesCalls(this.#members, this.#options.panicShare ?? 0.5);
    this.#usable = this.#members.some(({ reachable }) => reachable);
    this.#chooser.seat(this.#seated);
  }
}
