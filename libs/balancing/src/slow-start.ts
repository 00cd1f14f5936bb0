import type { Member } from './member.js';
import type { SlowStartOptions } from './options.js';

/** Who was away for less keeps its share: a connection that was renewed is no new instance. */
const awayMs = 1_000;
/** A ramp has so many steps. */
const steps = 100;

/** SlowStart: lets new and returned instances begin with a small share, which grows to the full one (as Envoy's slow start, linear). */
export class SlowStart {
  readonly #ms: number;
  readonly #leastShare: number;
  readonly #begunAt = new Map<Member, number>();
  readonly #awaySince = new WeakMap<Member, number>();
  #steppedAt = 0;

  constructor({ ms = 10_000, leastShare = 0.1 }: Partial<SlowStartOptions> = {}) {
    this.#ms = ms;
    this.#leastShare = leastShare;
  }

  /** Somebody has less than the full share. */
  get running(): boolean {
    return this.#begunAt.size > 0;
  }

  begin(member: Member, now: number): void {
    if (this.#ms <= 0) return;
    this.#begunAt.set(member, now);
    member.ramp = this.#leastShare;
  }

  left(member: Member, now: number): void {
    this.#awaySince.set(member, now);
  }

  returned(member: Member, now: number): void {
    if (now >= (this.#awaySince.get(member) ?? now) + awayMs) this.begin(member, now);
  }

  forget(member: Member): void {
    this.#begunAt.delete(member);
  }

  /** Gives everybody the share that is due; false where it is too early for another step. */
  step(now: number): boolean {
    if (now < this.#steppedAt + this.#ms / steps) return false;
    this.#steppedAt = now;
    for (const [member, begunAt] of this.#begunAt) {
      const passed = Math.min(1, (now - begunAt) / this.#ms);
      member.ramp = this.#leastShare + (1 - this.#leastShare) * passed;
      if (passed === 1) this.#begunAt.delete(member);
    }
    return true;
  }
}
