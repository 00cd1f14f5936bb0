import type { Chooser } from './chooser.js';
import type { Landing, Member } from './member.js';
import type { DynamicOptions } from './options.js';
import { PeakEwma } from './peak-ewma.js';
import { TwoOf } from './two-of.js';

/** What nobody knows the latency of yet gets one try; until that has landed it counts as very slow. */
const unknownMs = 1e6;

/**
 * Dynamic: of two at random the one with the lower cost: peak EWMA of its latency × (items in flight + 1), over its share (Finagle's
 * `p2cPeakEwma`). An instance that was never measured costs nothing while it has nothing to do.
 */
export class Dynamic implements Chooser {
  readonly #decayMs: number;
  readonly #now: () => number;
  readonly #two: TwoOf;
  readonly #latencies = new Map<Member, PeakEwma>();
  #members: readonly Member[] = [];

  constructor({ decayMs = 10_000 }: Partial<DynamicOptions>, now: () => number, random: () => number) {
    this.#decayMs = decayMs;
    this.#now = now;
    this.#two = new TwoOf(random);
  }

  /** Who comes back has not been measured. */
  seat(members: readonly Member[]): void {
    this.#members = members;
    for (const member of this.#latencies.keys()) if (!members.includes(member)) this.#latencies.delete(member);
    for (const member of members) if (!this.#latencies.has(member)) this.#latencies.set(member, new PeakEwma(this.#decayMs));
  }

  pick(_items: number, _key: string | undefined, except: Member | undefined): Member | undefined {
    this.#two.draw(this.#members);
    const { one, other } = this.#two;
    if (!one || !other || other === except) return one;
    if (one === except) return other;
    const now = this.#now();
    return this.#cost(other, now) < this.#cost(one, now) ? other : one;
  }

  landed(member: Member, ms: number, landing: Landing, now: number): void {
    if (landing === 'succeeded') this.#latencies.get(member)?.succeeded(ms, now);
    else if (landing === 'failed') this.#latencies.get(member)?.failed(ms, now);
  }

  #cost(member: Member, now: number): number {
    const latency = this.#latencies.get(member);
    if (latency?.measured) return (latency.at(now) * (member.inFlight + 1)) / member.share;
    return member.inFlight === 0 ? 0 : (unknownMs * member.inFlight) / member.share;
  }
}
