import type { Caller } from '@facet/context';
import { permissionsOf, scopeOf } from './roles.js';

/** CallerFields: what a credential says of who is calling. Permissions follow from it. */
export type CallerFields = Omit<Caller, 'permissions'>;

const rememberedGrants = 1_000;
const known = new Map<string, readonly string[]>();

/** newCaller: the one immutable Caller that a credential speaks of, lists included; scopes sorted, permissions as its roles allow and its scopes cover. */
export function newCaller({ scopes, roles, assurance, ...fields }: CallerFields): Caller {
  const sorted = Object.freeze([...scopes].sort());
  return Object.freeze({
    ...fields,
    scopes: sorted,
    roles: Object.freeze([...roles]),
    permissions: fields.kind === 'service' ? none : granted(roles, sorted),
    ...(assurance && { assurance: Object.freeze({ ...assurance, amr: Object.freeze([...assurance.amr]) }) }),
  });
}

const none: readonly string[] = Object.freeze([]);

/** Few combinations are in use at a time: each is worked out once. */
function granted(roles: readonly string[], scopes: readonly string[]): readonly string[] {
  const name = `${roles.join(' ')}|${scopes.join(' ')}`;
  let permissions = known.get(name);
  if (!permissions) {
    if (known.size >= rememberedGrants) known.clear();
    permissions = Object.freeze(permissionsOf(roles).filter((permission) => scopes.includes(scopeOf(permission))));
    known.set(name, permissions);
  }
  return permissions;
}
