import type { Fleet, Member } from '@facet/balancing';
import type { Endpoint } from '@facet/discovery';

/** So long calls wait for a registry's first word where they could go to a backup. */
const patienceMs = 500;

/** Roster: a fleet as its channel follows it: whoever connects to its members is told when the table changes. */
export class Roster {
  readonly #followers = new Set<() => void>();
  readonly #connections = new Set<(member: Member, stands: boolean) => void>();

  readonly #since = performance.now();
  #told = false;

  constructor(readonly fleet: Fleet) {}

  /** Discovery has said nothing yet, and it is too early to give it up. */
  get awaited(): boolean {
    return !this.#told && performance.now() - this.#since < patienceMs;
  }

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

  /** The connection to a member stands from now on, or does not any more. */
  connection(member: Member, stands: boolean): void {
    for (const told of this.#connections) told(member, stands);
  }

  /** Tells of each change until the returned function is called. */
  onChange(follow: () => void): () => void {
    this.#followers.add(follow);
    return () => void this.#followers.delete(follow);
  }

  /** Tells of each connection that stands anew, or not any more. */
  onConnection(told: (member: Member, stands: boolean) => void): void {
    this.#connections.add(told);
  }
}
