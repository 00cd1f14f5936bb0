import type { Endpoint } from '@facet/discovery';
import { Tally, type EjectionReason } from './tally.js';

/** Landing: how an RPC ended. `left`: the callers went away, nothing is said of the instance. */
export type Landing = 'succeeded' | 'failed' | 'left';

/** MemberWatcher: its fleet, as a member tells it what happens. */
export interface MemberWatcher {
  departed(member: Member, items: number): void;
  landed(member: Member, items: number, ms: number, landing: Landing): void;
  /** It can be reached or serves, or no longer. */
  changed(member: Member, wasAble: boolean): void;
}

/** Member: one instance of a fleet, with what is known of it. It is the same object as long as its address is in the table. */
export class Member {
  /** What the registry says of it. */
  endpoint: Endpoint;
  /** The part of its weight that counts: less than 1 while it starts slowly. Kept by the fleet. */
  ramp = 1;
  /** What it gets of the calls against the others, by weight and ramp. Kept by the fleet. */
  share = 1;
  /** What it did lately, for outlier ejection. */
  readonly tally = new Tally();
  readonly #watcher: MemberWatcher;
  #inFlight = 0;
  #reachable = true;
  #serving = true;

  constructor(endpoint: Endpoint, watcher: MemberWatcher) {
    this.endpoint = endpoint;
    this.#watcher = watcher;
  }

  get address(): string {
    return this.endpoint.address;
  }

  get weight(): number {
    const { weight = 1 } = this.endpoint;
    return weight > 0 && weight < Infinity ? weight : 1;
  }

  /** Items on the wire. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Why it was taken out for a while, if it was. */
  get ejected(): EjectionReason | undefined {
    return this.tally.ejected;
  }

  /** The transport has a connection, or may get one. Set by the transport. */
  get reachable(): boolean {
    return this.#reachable;
  }

  set reachable(reachable: boolean) {
    if (reachable === this.#reachable) return;
    const wasAble = this.able;
    this.#reachable = reachable;
    this.#watcher.changed(this, wasAble);
  }

  /** What `grpc.health.v1` says of it. Set by the transport. */
  get serving(): boolean {
    return this.#serving;
  }

  set serving(serving: boolean) {
    if (serving === this.#serving) return;
    const wasAble = this.able;
    this.#serving = serving;
    this.#watcher.changed(this, wasAble);
  }

  get able(): boolean {
    return this.#reachable && this.#serving;
  }

  /** An RPC of so many items leaves for it: right after it was picked, so that the next pick knows. */
  departed(items: number): void {
    this.#inFlight += items;
    this.#watcher.departed(this, items);
  }

  /** An RPC has ended after so many milliseconds; one whose items fared differently is told in parts. */
  landed(items: number, ms: number, landing: Landing): void {
    this.#inFlight = Math.max(0, this.#inFlight - items);
    this.#watcher.landed(this, items, ms, landing);
  }
}
