export const dateTimeSdl = `
  "A point in time, RFC 3339 in UTC."
  scalar DateTime
`;

/** How a service's Date leaves. */
export function serializeDateTime(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  throw new TypeError('A service sent something that is not a point in time');
}
