import type { Caller } from '@facet/context';
import { describe, expect, it } from 'vitest';
import { authorize, authorizeImport, can, hasRole, requireScope } from './authorize.js';
import { newCaller } from './new-caller.js';
import { scopesOf } from './roles.js';

const carol = callerWith({});

describe('authorize', () => {
  it('passes who has the role and the scope', () => {
    expect(() => authorize(carol, 'message:create')).not.toThrow();
    expect(can(carol, 'message:create')).toBe(true);
  });

  it('refuses a role that does not allow it, whatever the scopes', () => {
    const guest = callerWith({ roles: ['guest'], scopes: scopesOf(['admin']) });
    expect(() => authorize(guest, 'message:create')).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('refuses a token without the scope, whatever the role', () => {
    const readOnly = callerWith({ roles: ['admin'], scopes: ['read:messages'] });
    expect(can(readOnly, 'message:delete')).toBe(false);
    expect(() => authorize(readOnly, 'message:delete')).toThrow(expect.objectContaining({ code: 'insufficient-scope' }));
  });

  it('asks for the scope alone where a place in a room allows more than the role', () => {
    expect(can(carol, 'room:update')).toBe(false);
    expect(() => requireScope(carol, 'write:rooms')).not.toThrow();
    expect(() => requireScope(callerWith({ scopes: [] }), 'write:rooms')).toThrow(expect.objectContaining({ code: 'insufficient-scope' }));
  });
});

describe('a service', () => {
  const importer = callerWith({ subject: 'importer', kind: 'service', client: 'importer', scopes: ['import'], roles: [] });
  const powerful = callerWith({ kind: 'service', roles: ['admin'], scopes: scopesOf(['admin']) });

  it('can read nothing on behalf of a user, even if it claims to be an admin', () => {
    expect(can(powerful, 'message:read')).toBe(false);
    expect(hasRole(powerful, 'admin')).toBe(false);
    expect(() => authorize(powerful, 'message:read')).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(() => requireScope(powerful, 'read:messages')).toThrow(expect.objectContaining({ code: 'insufficient-scope' }));
  });

  it('may import if it is the importer, and nobody else may', () => {
    expect(() => authorizeImport(importer)).not.toThrow();
    const others = [
      { ...importer, subject: 'web-bff' },
      { ...importer, scopes: [] },
      { ...importer, kind: 'user' as const },
      powerful,
      carol,
    ];
    for (const other of others) expect(() => authorizeImport(other)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });
});

function callerWith(given: Partial<Caller>): Caller {
  return newCaller({ subject: 'carol', kind: 'user', client: 'web-app', roles: ['user'], scopes: scopesOf(['user']), ...given });
}
