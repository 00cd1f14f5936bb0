import type { CallHeaders } from '@facet/service-kit/wire';

/** callHeaders: what goes with every request to a service: who asks, for which request, and how long he will wait. */
export function callHeaders({ token, requestId, traceparent }: CallHeaders, deadline: number): Record<string, string> {
  return {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    'x-request-id': requestId,
    ...(traceparent !== undefined && { traceparent }),
    'request-timeout-ms': String(Math.max(0, Math.floor(deadline - Date.now()))),
  };
}

/** sentHeaders: what a client may say of the bytes that it sends or wants. The rest is between it and us. */
export const sentHeaders: ReadonlySet<string> = new Set([
  'accept',
  'content-length',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
]);

/** answeredHeaders: what a service may say to a client of the bytes that it sends. */
export const answeredHeaders: ReadonlySet<string> = new Set([
  'accept-ranges',
  'cache-control',
  'content-disposition',
  'content-length',
  'content-range',
  'content-security-policy',
  'content-type',
  'cross-origin-resource-policy',
  'etag',
  'last-modified',
  'x-content-type-options',
]);

/** only: those headers that a list names, by lower-case name. */
export function only(names: ReadonlySet<string>, headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => names.has(entry[0]) && entry[1] !== undefined));
}
