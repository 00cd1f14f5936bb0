const units = { ms: 1, s: 1_000, m: 60_000 } as const;
const sizes = { B: 1, kB: 1_000, MB: 1_000_000 } as const;
const number = String.raw`\d+(?:\.\d+)?`;
const time = new RegExp(`^(${number})(ms|s|m)$`);
const size = new RegExp(`^(${number})(B|kB|MB)$`);

/** Milliseconds of `800ms`, `1.5s` or `1m`. */
export function readTime(text: string | undefined): number {
  const [, value, unit] = time.exec(text ?? '') ?? [];
  if (value === undefined) throw noneOf('time', text, '800ms, 1.5s');
  return Number(value) * units[unit as keyof typeof units];
}

/** Milliseconds and, after `±` or `+-`, how much more or less they may be: `200ms±50ms`. */
export function readTimeWithJitter(text: string | undefined): { ms: number; jitterMs?: number } {
  const [middle, jitter, ...rest] = (text ?? '').split(/±|\+-/);
  if (rest.length > 0) throw noneOf('time', text, '200ms±50ms');
  return { ms: readTime(middle || text), ...(jitter !== undefined && { jitterMs: readTime(jitter) }) };
}

/** Bytes of `100B`, `4kB` or `1MB`; 1 kB is 1,000. */
export function readSize(text: string | undefined): number {
  const [, value, unit] = size.exec(text ?? '') ?? [];
  if (value === undefined) throw noneOf('size', text, '100B, 4kB, 1MB');
  return Math.round(Number(value) * sizes[unit as keyof typeof sizes]);
}

/** Bytes a second of `10kB/s`. */
export function readRate(text: string | undefined): number {
  const rate = text?.endsWith('/s') ? readSize(text.slice(0, -2)) : 0;
  if (rate === 0) throw noneOf('bandwidth', text, '10kB/s');
  return rate;
}

function noneOf(what: string, text: string | undefined, examples: string): Error {
  return new Error(text === undefined ? `A ${what} is missing: ${examples}.` : `"${text}" is no ${what}: ${examples}.`);
}
