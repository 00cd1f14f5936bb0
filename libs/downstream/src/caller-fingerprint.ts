import type { Caller } from '@facet/context';

/** Every field of a caller but what follows from others and what services are not told: one that is missing here does not compile. */
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
} satisfies Record<Exclude<keyof Caller, 'permissions' | 'token'>, true>) as (keyof Caller)[];

const lasting = fields.filter((field) => field !== 'issuedAt');
const [fingerprints, standings] = [new WeakMap<Caller, string>(), new WeakMap<Caller, string>()];

/** fingerprintOf: a text that two callers share only if services cannot tell them apart. Worked out once per Caller, which is immutable. */
export function fingerprintOf(caller: Caller): string {
  return textOf(caller, fields, fingerprints);
}

/** standingOf: the same of whoever comes with another token of the same standing, as after a refresh: what he may see is the same. */
export function standingOf(caller: Caller): string {
  return textOf(caller, lasting, standings);
}

function textOf(caller: Caller, of: readonly (keyof Caller)[], known: WeakMap<Caller, string>): string {
  let text = known.get(caller);
  if (text === undefined) {
    text = JSON.stringify(of.map((field) => caller[field]));
    known.set(caller, text);
  }
  return text;
}
