/** The steepness of the line through these points that has the least squares (linear regression). */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  if (points.length < 2) throw new RangeError('A line takes two points.');
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  let [both, squares] = [0, 0];
  for (const [x, y] of points) {
    both += (x - meanX) * (y - meanY);
    squares += (x - meanX) ** 2;
  }
  if (squares === 0) throw new RangeError('Points above one another make no line.');
  return both / squares;
}

/** By how many percent of its mean the line through values at equal distances rises from the first to the last. */
export function risePercent(values: readonly number[]): number {
  const slope = slopeOf(values.map((value, index) => [index, value]));
  return (slope * (values.length - 1) * 100) / mean(values);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The least value that so much of them (0 to 1) do not exceed; 0 where there are none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** How often each of them comes: `3 × ok, 1 × timeout`, the most frequent first. */
export function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([word, count]) => `${count} × ${word}`)
    .join(', ');
}
