import { membersThatAreSlow, membersThatFail, membersThatFailMore } from './judge.js';
import type { Member } from './member.js';
import type { OutlierOptions } from './options.js';
import type { EjectionReason } from './tally.js';

const defaults = { intervalMs: 10_000, baseEjectionMs: 30_000, mostEjectionMs: 300_000, mostEjected: 0.1, consecutiveFailures: 5 };
const successRate = { stdevFactor: 1.9, minimumHosts: 3, volume: 100, smallFleetGap: 0.1 };
const failurePercentage = { threshold: 0.85, minimumHosts: 3, volume: 50 };
const latency = { factor: 4, atLeastMs: 20, minimumHosts: 3, volume: 10, intervalMs: 2_000 };

/** Ejections: told who is out, and who is back. */
export interface Ejections {
  ejected(member: Member, reason: EjectionReason): void;
  returned(member: Member): void;
}

/**
 * Outliers: takes instances out for a while, by the rules of gRFC A50 (each `intervalMs`: success rate, failure percentage) and by two of our
 * own: failures in a row, and medians of latency. It has no timer: what is due is done when somebody asks. Where the rules would take out
 * more than may be out at a time, the worst are.
 */
export class Outliers {
  readonly #options: Required<Omit<OutlierOptions, 'successRate' | 'failurePercentage' | 'latency'>>;
  readonly #successRate: typeof successRate | false;
  readonly #failurePercentage: typeof failurePercentage | false;
  readonly #latency: typeof latency | false;
  readonly #ejections: Ejections;
  #sweptAt: number;
  #lookedAt: number;

  constructor(options: OutlierOptions, ejections: Ejections, now: number) {
    this.#options = withDefaults(defaults, options);
    this.#successRate = options.successRate !== false && withDefaults(successRate, options.successRate);
    this.#failurePercentage = options.failurePercentage !== false && withDefaults(failurePercentage, options.failurePercentage);
    this.#latency = options.latency !== false && withDefaults(latency, options.latency);
    this.#ejections = ejections;
    this.#sweptAt = now;
    this.#lookedAt = now;
  }

  /** An RPC has ended, after what was due had been swept. */
  landed(member: Member, items: number, ms: number, succeeded: boolean, members: readonly Member[], now: number): void {
    member.tally.add(items, ms, succeeded);
    const { consecutiveFailures } = this.#options;
    if (succeeded || consecutiveFailures === 0 || member.tally.consecutive < consecutiveFailures) return;
    const othersAreBetter = members.some((other) => other !== member && isIn(other) && other.tally.consecutive === 0);
    if (othersAreBetter) this.#eject(member, 'consecutive_failures', members, now);
  }

  /** Does what is due. */
  sweep(members: readonly Member[], now: number): void {
    if (this.#latency && now >= this.#lookedAt + this.#latency.intervalMs) this.#look(members, now);
    const intervals = Math.floor((now - this.#sweptAt) / this.#options.intervalMs);
    if (intervals < 1) return;
    this.#sweptAt = now;
    if (intervals === 1) this.#judge(members, now);
    for (const member of members) {
      member.tally.clear();
      this.#release(member, intervals, now);
    }
  }

  /** What was counted so long ago that nobody asked for a whole interval is not judged. */
  #judge(members: readonly Member[], now: number): void {
    if (this.#successRate) this.#ejectAll(membersThatFailMore(members, this.#successRate), 'success_rate', members, now);
    if (this.#failurePercentage) this.#ejectAll(membersThatFail(members, this.#failurePercentage), 'failure_percentage', members, now);
  }

  #look(members: readonly Member[], now: number): void {
    if (!this.#latency) return;
    this.#lookedAt = now;
    this.#ejectAll(membersThatAreSlow(members.filter(isIn), this.#latency), 'latency', members, now);
    for (const { tally } of members) tally.latency.halve();
  }

  #ejectAll(outliers: readonly Member[], reason: EjectionReason, members: readonly Member[], now: number): void {
    for (const member of outliers) this.#eject(member, reason, members, now);
  }

  /** Who cannot be reached or does not serve is out already. */
  #eject(member: Member, reason: EjectionReason, members: readonly Member[], now: number): void {
    const most = Math.max(1, Math.floor(this.#options.mostEjected * members.length));
    const out = members.filter(({ ejected }) => ejected).length;
    if (out >= most || !isIn(member)) return;
    const { tally } = member;
    tally.ejected = reason;
    tally.ejectedAt = now;
    tally.multiplier++;
    this.#ejections.ejected(member, reason);
  }

  #release(member: Member, intervals: number, now: number): void {
    const { tally } = member;
    const { baseEjectionMs, mostEjectionMs } = this.#options;
    if (!tally.ejected) tally.multiplier = Math.max(0, tally.multiplier - intervals);
    else if (now > tally.ejectedAt + Math.min(baseEjectionMs * tally.multiplier, Math.max(baseEjectionMs, mostEjectionMs))) {
      tally.pardon();
      this.#ejections.returned(member);
    }
  }
}

function isIn({ able, ejected }: Member): boolean {
  return able && !ejected;
}

/** What is given as undefined counts as not given. */
function withDefaults<Options extends object>(defaults: Options, options: Partial<Options> = {}): Options {
  return { ...defaults, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) };
}
