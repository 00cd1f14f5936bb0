import { callerOf, userIds } from '@facet/testing';
import { expect, test } from 'vitest';
import type { KnownMemberRole, KnownRoomType } from './membership-tables.js';
import { canSee, type RoomAccess } from './room-access.js';

const access = (type: KnownRoomType, role?: KnownMemberRole): RoomAccess => ({
  roomId: 'r',
  type,
  createdBy: userIds.bob,
  role,
  joinedAt: undefined,
});

test('a public room is seen by everybody, guests included', () => {
  for (const user of ['alice', 'bob', 'carol', 'gina'] as const) expect(canSee(access('public'), callerOf(user))).toBe(true);
});

test('a private room is seen by its members and by admins, not by moderators', () => {
  expect(canSee(access('private', 'member'), callerOf('carol'))).toBe(true);
  expect(canSee(access('private'), callerOf('alice'))).toBe(true);
  expect(canSee(access('private'), callerOf('bob'))).toBe(false);
  expect(canSee(access('private'), callerOf('dave'))).toBe(false);
});

test('a direct room is seen by its members alone, not even by admins', () => {
  expect(canSee(access('direct', 'member'), callerOf('bob'))).toBe(true);
  expect(canSee(access('direct'), callerOf('alice'))).toBe(false);
});

test('a guest sees public rooms alone, even where somebody put them into another', () => {
  expect(canSee(access('private', 'member'), callerOf('gina'))).toBe(false);
  expect(canSee(access('direct', 'member'), callerOf('gina'))).toBe(false);
});

test('a room that is unknown or deleted is seen by nobody', () => {
  expect(canSee(undefined, callerOf('alice'))).toBe(false);
});

test('a service sees nothing on behalf of users, whatever it claims to be', () => {
  const service = callerOf({ kind: 'service', subject: 'importer', roles: ['admin'] });
  expect(canSee(access('public', 'admin'), service)).toBe(false);
});

test('somebody without any role sees no public room', () => {
  expect(canSee(access('public'), callerOf({ roles: [] }))).toBe(false);
});
