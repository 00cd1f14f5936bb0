import type { Fleet, Member } from '@facet/balancing';
import type { Endpoint } from '@facet/discovery';

/** Roster: a fleet as its channel follows it: whoever connects to its members is told when the table changes. */
export class Roster {
  readonly #followers = new Set<() => void>();
  readonly #ready = new Set<(member: Member) => void>();

  #told = false;

  constructor(readonly fleet: Fleet) {}

  /** Discovery has said who there is, be it nobody. */
  get told(): boolean {
    return this.#told;
  }

  /** The table is another. */
  update(endpoints: readonly Endpoint[]): void {
    this.#told = true;
    this.fleet.update(endpoints);
    for (const follow of this.#followers) follow();
  }

  /** A connection to a member stands. */
  connected(member: Member): void {
    for (const ready of this.#ready) ready(member);
  }

  /** Tells of each change until the returned function is called. */
  onChange(follow: () => void): () => void {
    this.#followers.add(follow);
    return () => void this.#followers.delete(follow);
  }

  /** Tells of each connection that stands anew. */
  onConnected(ready: (member: Member) => void): void {
    this.#ready.add(ready);
  }
}
