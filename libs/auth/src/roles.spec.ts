import { describe, expect, it } from 'vitest';
import { permissionsOf, scopeOf, scopesOf } from './roles.js';

describe('the role matrix', () => {
  it('lets a guest read rooms and messages, and nothing else of others', () => {
    expect(permissionsOf(['guest'])).toEqual(['message:read', 'notification:read', 'room:read']);
  });

  it('gives each role up to admin what the one below has', () => {
    const [guest, user, moderator, admin] = ['guest', 'user', 'moderator', 'admin'].map((role) => permissionsOf([role]));
    expect(user).toEqual(expect.arrayContaining(guest!));
    expect(moderator).toEqual(expect.arrayContaining(user!.filter((permission) => permission !== 'settings:update')));
    expect(admin).toEqual(expect.arrayContaining([...user!, ...moderator!]));
  });

  it.each([
    ['user', 'room:update', false],
    ['moderator', 'room:update', true],
    ['moderator', 'room:delete', false],
    ['moderator', 'settings:update', false],
    ['admin', 'room:delete', true],
    ['admin', 'user:delete', true],
    ['moderator', 'user:delete', false],
  ] as const)('%s and %s: %s', (role, permission, allowed) => {
    expect(permissionsOf([role]).includes(permission)).toBe(allowed);
  });

  it('gives nothing for a role that it does not know, not even one of Object', () => {
    expect(permissionsOf(['owner', 'constructor', '__proto__'])).toEqual([]);
  });

  it('adds up the permissions of several roles without repeats', () => {
    expect(permissionsOf(['guest', 'user'])).toEqual(permissionsOf(['user']));
  });
});

describe('scopes', () => {
  it('are read: for reading and write: for all else', () => {
    expect(scopeOf('room:read')).toBe('read:rooms');
    expect(scopeOf('room:join')).toBe('write:rooms');
    expect(scopeOf('notification:update')).toBe('write:notifications');
    expect(scopeOf('settings:read')).toBe('read:settings');
    expect(scopeOf('presence:update')).toBe('write:messages');
  });

  it('of a guest are for reading alone', () => {
    expect(scopesOf(['guest'])).toEqual(['read:messages', 'read:notifications', 'read:rooms']);
  });

  it('of a moderator do not include changing settings', () => {
    expect(scopesOf(['moderator'])).toContain('read:settings');
    expect(scopesOf(['moderator'])).not.toContain('write:settings');
  });

  it('of a user are all ten', () => {
    expect(scopesOf(['user'])).toHaveLength(10);
  });
});
