import { Room } from '@facet/contracts/rooms';
import { DownstreamError } from '@facet/errors';
import { contextOf, userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import type { Downstream } from '../downstream.js';
import { CreateRoomArguments, markRead } from './change-rooms.js';

const [PUBLIC, DIRECT] = ['PUBLIC', 'DIRECT'];

describe('CreateRoomArguments', () => {
  it.each([
    { name: 'general', type: PUBLIC },
    { name: 'x'.repeat(80), type: PUBLIC, topic: null, memberIds: null },
    { name: '👩‍👩‍👧‍👦'.repeat(11), type: PUBLIC },
    { name: '', type: DIRECT, memberIds: [userIds.bob] },
  ])('accepts %j', (input) => {
    expect(CreateRoomArguments.safeParse({ input }).success).toBe(true);
  });

  it.each([
    { name: '', type: PUBLIC },
    { name: 'x'.repeat(81), type: PUBLIC },
    { name: 'nul\0', type: PUBLIC },
    { name: 'lone \udc00', type: PUBLIC },
    { name: 'a', type: PUBLIC, topic: 'x'.repeat(251) },
    { name: 'a', type: PUBLIC, memberIds: ['bob'] },
    { name: 'a', type: PUBLIC, memberIds: Array(101).fill(userIds.bob) },
    { name: 'a', type: 'SECRET' },
  ])('refuses %j', (input) => {
    expect(CreateRoomArguments.safeParse({ input }).success).toBe(false);
  });
});

describe('markRead', () => {
  const marker = { roomId: 'room', messageId: 'message' };
  const clientsWith = (markRoomRead: () => Promise<object>) =>
    ({
      rooms: { getRoom: () => Promise.resolve({ room: Room.fromPartial({ id: 'room' }) }) },
      notifications: { markRoomRead },
    }) as unknown as Downstream;

  it('gives the room once the marker is set', async () => {
    expect(
      (
        await markRead(
          clientsWith(() => Promise.resolve({})),
          marker,
          contextOf(),
        )
      ).id,
    ).toBe('room');
  });

  it('fails where the marker could not be set', async () => {
    const away = clientsWith(() => Promise.reject(new DownstreamError('notifications', 'unavailable')));
    await expect(markRead(away, marker, contextOf())).rejects.toMatchObject({ code: 'dependency-unavailable' });
  });
});
