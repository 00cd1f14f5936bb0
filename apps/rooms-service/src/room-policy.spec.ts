import { callerOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { canSee, reachOf } from './room-policy.js';

describe('how far somebody sees', () => {
  it.each([
    ['alice', 'admin'],
    ['bob', 'member'],
    ['carol', 'member'],
    ['gina', 'public'],
  ] as const)('%s: %s', (who, reach) => {
    expect(reachOf(callerOf(who))).toBe(reach);
  });

  it('a role that we do not know reaches public rooms alone', () => {
    expect(reachOf(callerOf({ roles: ['emperor'] }))).toBe('public');
  });
});

it('a guest sees public rooms alone, even where somebody put them into another', () => {
  expect(canSee({ type: 'private', viewer_role: 'member' }, callerOf('gina'))).toBe(false);
  expect(canSee({ type: 'public', viewer_role: null }, callerOf('gina'))).toBe(true);
});

it('an admin does not see the direct rooms of others', () => {
  expect(canSee({ type: 'direct', viewer_role: null }, callerOf('alice'))).toBe(false);
});
