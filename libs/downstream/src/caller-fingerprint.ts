import type { Caller } from '@facet/context';

/** Every field of a caller but what follows from others: one that is missing here does not compile. */
const fields = Object.keys({
  subject: true,
  kind: true,
  client: true,
  scopes: true,
  roles: true,
  assurance: true,
  session: true,
  key: true,
  issuedAt: true,
} satisfies Record<Exclude<keyof Caller, 'permissions'>, true>) as (keyof Caller)[];

const known = new WeakMap<Caller, string>();

/** fingerprintOf: a text that two callers share only if services cannot tell them apart. Worked out once per Caller, which is immutable. */
export function fingerprintOf(caller: Caller): string {
  let fingerprint = known.get(caller);
  if (fingerprint === undefined) {
    fingerprint = JSON.stringify(fields.map((field) => caller[field]));
    known.set(caller, fingerprint);
  }
  return fingerprint;
}
