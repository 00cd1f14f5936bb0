import type { Caller } from '@facet/context';

/** fingerprintOf: a text that two callers share only if services cannot tell them apart. */
export function fingerprintOf({ subject, kind, client, scopes, roles, session }: Caller): string {
  return JSON.stringify([subject, kind, client, scopes, roles, session]);
}
