export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The one range of bytes that a `Range` header asks for (RFC 9110, section 14.2), within so many; undefined where it is to be ignored: another unit, several ranges,
 * what cannot be read.
 */
export function rangeOf(header: string | string[] | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const asked = typeof header === 'string' ? /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header) : null;
  if (!asked) return undefined;
  const [, from = '', to = ''] = asked;
  if (from === '') return lastOf(to, size);
  const [first, last] = [Number(from), to === '' ? Infinity : Number(to)];
  if (last < first) return undefined;
  return first < size ? { first, last: Math.min(last, size - 1) } : 'unsatisfiable';
}

/** So many bytes from the end. */
function lastOf(count: string, size: number): ByteRange | 'unsatisfiable' | undefined {
  if (count === '') return undefined;
  return Number(count) === 0 ? 'unsatisfiable' : { first: Math.max(0, size - Number(count)), last: size - 1 };
}
