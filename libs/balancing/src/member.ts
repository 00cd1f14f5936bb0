import type { Endpoint } from '@facet/discovery';

/** Landing: how an RPC ended. `left`: the callers went away, nothing is said of the instance. */
export type Landing = 'succeeded' | 'failed' | 'left';

/** Its fleet, as a member tells it what happens. */
export interface MemberWatcher {
  departed(member: Member, items: number): void;
  landed(member: Member, items: number, ms: number, landing: Landing): void;
  /** Its standing is another: whether it can be reached, or serves. */
  changed(member: Member): void;
}

/** Member: one instance of a fleet, with what is known of it. It is the same object as long as its address is in the table. */
export class Member {
  readonly #watcher: MemberWatcher;
  #endpoint: Endpoint;
  #inFlight = 0;
  #reachable = true;
  #serving = true;
  /** What is owed to it in turns, in items; for policies that give turns. */
  credit = 0;

  constructor(endpoint: Endpoint, watcher: MemberWatcher) {
    this.#endpoint = endpoint;
    this.#watcher = watcher;
  }

  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  set endpoint(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  get address(): string {
    return this.#endpoint.address;
  }

  /** Items on the wire. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Whether the transport has, or may get, a connection. */
  get reachable(): boolean {
    return this.#reachable;
  }

  set reachable(reachable: boolean) {
    if (reachable === this.#reachable) return;
    this.#reachable = reachable;
    this.#watcher.changed(this);
  }

  /** What `grpc.health.v1` says, as far as the transport knows. */
  get serving(): boolean {
    return this.#serving;
  }

  set serving(serving: boolean) {
    if (serving === this.#serving) return;
    this.#serving = serving;
    this.#watcher.changed(this);
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
