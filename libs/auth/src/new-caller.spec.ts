import { expect, test } from 'vitest';
import { newCaller, type CallerFields } from './new-caller.js';

const fields: CallerFields = {
  subject: 'alice',
  kind: 'user',
  client: 'mobile-app',
  scopes: ['write:rooms', 'read:rooms'],
  roles: ['user'],
  assurance: { acr: 'urn:facet:acr:1', amr: ['pwd'], authenticatedAt: 1 },
};

test('a caller may do what the roles allow and the scopes cover, and nothing else', () => {
  expect(newCaller(fields).permissions).toEqual(['room:create', 'room:join', 'room:read']);
  expect(newCaller({ ...fields, roles: ['guest'] }).permissions).toEqual(['room:read']);
  expect(newCaller({ ...fields, scopes: [] }).permissions).toEqual([]);
  expect(newCaller({ ...fields, roles: ['emperor'] }).permissions).toEqual([]);
});

test('a service, acting for itself, may nothing of the kind', () => {
  expect(newCaller({ ...fields, kind: 'service', roles: ['admin'] }).permissions).toEqual([]);
});

test('a caller cannot be changed, lists included, nor by who made it', () => {
  const roles = ['user'];
  const caller = newCaller({ ...fields, roles });
  roles.push('admin');
  expect(caller.roles).toEqual(['user']);
  for (const frozen of [caller, caller.scopes, caller.roles, caller.permissions, caller.assurance, caller.assurance?.amr])
    expect(Object.isFrozen(frozen)).toBe(true);
});
