import type { Caller } from '@facet/context';
import { permissionsOf, scopeOf } from './roles.js';

/** CallerFields: what a credential says of who is calling. Permissions follow from it. */
export type CallerFields = Omit<Caller, 'permissions'>;

const rememberedGrants = 1_000;
const none: readonly string[] = Object.freeze([]);

/** What a credential grants: scopes sorted, permissions as its roles allow and its scopes cover. */
type Grants = Pick<Caller, 'scopes' | 'roles' | 'permissions'>;
const known = new Map<string, Grants>();

/** newCaller: the one immutable Caller that a credential speaks of, lists included. */
export function newCaller({ scopes, roles, assurance, ...fields }: CallerFields): Caller {
  const grants = grantsOf(scopes, roles);
  return Object.freeze({
    ...fields,
    scopes: grants.scopes,
    roles: grants.roles,
    permissions: fields.kind === 'service' ? none : grants.permissions,
    ...(assurance && { assurance: Object.freeze({ ...assurance, amr: Object.freeze([...assurance.amr]) }) }),
  });
}

/** Few combinations are in use at a time: each is worked out once. */
function grantsOf(scopes: readonly string[], roles: readonly string[]): Grants {
  const name = JSON.stringify([roles, scopes]);
  let grants = known.get(name);
  if (!grants) {
    if (known.size >= rememberedGrants) known.clear();
    const permissions = permissionsOf(roles).filter((permission) => scopes.includes(scopeOf(permission)));
    grants = {
      scopes: Object.freeze([...scopes].sort()),
      roles: Object.freeze([...roles]),
      permissions: Object.freeze(permissions),
    };
    known.set(name, grants);
  }
  return grants;
}
