import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { permissionsOf, scopeOf, type Permission, type Role, type Scope } from './roles.js';

/** can: whether the caller's roles allow it and the caller's token covers it. A service, acting for itself, can nothing of the kind. */
export function can(caller: Caller, permission: Permission): boolean {
  return caller.permissions.includes(permission);
}

/** authorize: passes, or throws `forbidden` (no role of the caller allows it) or `insufficient-scope` (the token does not cover it). */
export function authorize(caller: Caller, permission: Permission): void {
  if (!allows(caller, permission)) throw new ProblemError('forbidden', { detail: `Your role does not allow ${permission}.` });
  requireScope(caller, scopeOf(permission));
}

/**
 * requireScope: passes, or throws `insufficient-scope`. For what a place in a room allows beyond the role, such as renaming a room of one's own:
 * the token must cover it all the same.
 */
export function requireScope(caller: Caller, scope: Scope): void {
  if (!hasScope(caller, scope)) throw new ProblemError('insufficient-scope', { detail: `The token lacks the scope ${scope}.` });
}

/** hasScope: whether the caller's token covers a scope. */
export function hasScope(caller: Caller, scope: Scope): boolean {
  return caller.kind !== 'service' && caller.scopes.includes(scope);
}

/** hasRole: whether the caller is one of these, over the whole system. */
export function hasRole(caller: Caller, role: Role): boolean {
  return caller.kind !== 'service' && caller.roles.includes(role);
}

/** authorizeImport: passes for the importer alone, who may do nothing else; throws `forbidden` for everybody else. */
export function authorizeImport(caller: Caller): void {
  const importer = caller.kind === 'service' && caller.subject === 'importer' && caller.scopes.includes('import');
  if (!importer) throw new ProblemError('forbidden', { detail: 'Only the importer may do this.' });
}

function allows(caller: Caller, permission: Permission): boolean {
  return caller.kind !== 'service' && permissionsOf(caller.roles).includes(permission);
}
