import { LatencyHistogram } from './latency-histogram.js';
import type { Member } from './member.js';
import type { FailurePercentageOptions, LatencyOptions, SuccessRateOptions } from './options.js';

/** Items of fewer RPCs say little: those of one fail together. */
const leastRpcs = 5;
/** Among so many equal ones a single outlier is further from the mean than 1.9 standard deviations: √(n − 1) of them at most. */
const enoughForSigma = 5;

/**
 * membersThatFailMore: those whose success rate is so many standard deviations below the mean (gRFC A50, success rate), the worst first.
 * With fewer than five the factor shrinks with what is possible at all, and a gap is asked for, since it is then met by trifles as well.
 */
export function membersThatFailMore(
  members: readonly Member[],
  { stdevFactor, minimumHosts, volume, smallFleetGap }: SuccessRateOptions,
): readonly Member[] {
  const rated = members.filter(hasVolume(volume));
  const hosts = rated.length;
  if (hosts < minimumHosts) return [];
  const mean = rated.reduce((sum, { tally }) => sum + tally.successRate, 0) / hosts;
  const variance = rated.reduce((sum, { tally }) => sum + (tally.successRate - mean) ** 2, 0) / hosts;
  const isSmall = hosts < enoughForSigma;
  const factor = isSmall ? stdevFactor * Math.sqrt((hosts - 1) / (enoughForSigma - 1)) : stdevFactor;
  const bound = mean - Math.max(factor * Math.sqrt(variance), isSmall ? smallFleetGap : 0);
  return rated.filter(({ tally }) => tally.successRate < bound).sort(byFailure);
}

/**
 * membersThatFail: those of whose items a greater part than the threshold has failed (gRFC A50, failure percentage), the worst first. None
 * where all do: the reason is elsewhere then, and nobody is better served by another.
 */
export function membersThatFail(
  members: readonly Member[],
  { threshold, minimumHosts, volume }: FailurePercentageOptions,
): readonly Member[] {
  if (members.length < minimumHosts) return [];
  const failing = members.filter(hasVolume(volume)).filter(({ tally }) => 1 - tally.successRate > threshold);
  return failing.length < members.length ? failing.sort(byFailure) : [];
}

/**
 * membersThatAreSlow: those whose median latency is so many times that of the others together, the slowest first. The others are those of its
 * zone where there are enough. Medians are of RPCs that succeeded. One that starts slowly is spared, unless it was out lately.
 */
export function membersThatAreSlow(
  members: readonly Member[],
  { factor, atLeastMs, minimumHosts, volume }: LatencyOptions,
): readonly Member[] {
  const known = members.filter(({ tally, ramp }) => tally.latency.total >= volume && (ramp === 1 || tally.multiplier > 0));
  if (known.length < minimumHosts) return [];
  const all = sumOf(known);
  const zones = new Map<string | undefined, LatencyHistogram>();
  for (const [zone, peers] of Map.groupBy(known, ({ endpoint }) => endpoint.zone))
    if (peers.length >= minimumHosts) zones.set(zone, sumOf(peers));
  const slowness = (member: Member) => {
    const others = new LatencyHistogram();
    others.add(zones.get(member.endpoint.zone) ?? all);
    others.add(member.tally.latency, -1);
    const { median } = member.tally.latency;
    return median > factor * others.median && median > others.median + atLeastMs ? median : 0;
  };
  const slow = known.map((member) => ({ member, ms: slowness(member) })).filter(({ ms }) => ms > 0);
  return slow.sort((one, other) => other.ms - one.ms).map(({ member }) => member);
}

function hasVolume(volume: number): (member: Member) => boolean {
  return ({ tally }) => tally.items >= volume && tally.rpcs >= leastRpcs;
}

function byFailure(one: Member, other: Member): number {
  return one.tally.successRate - other.tally.successRate;
}

function sumOf(members: readonly Member[]): LatencyHistogram {
  const sum = new LatencyHistogram();
  for (const { tally } of members) sum.add(tally.latency);
  return sum;
}
