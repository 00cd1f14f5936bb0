import { RoomType } from '@facet/contracts/rooms';
import { DownstreamError } from '@facet/errors';
import { aRoom, contextOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, roomId, usersNamed } from '../../test/downstream.fixtures.js';
import { createRoom } from './create-room.js';
import { markRead } from './mark-read.js';
import { RoomDraft } from './room.view.js';

describe('a new room', () => {
  it('is answered with 201 and its place', async () => {
    const create = vi.fn(async () => ({ room: aRoom(), created: true }));
    const answer = await createRoom(
      downstreamOf({ users: usersNamed(), rooms: { createRoom: create } }),
      { name: 'general', type: 'public', memberIds: [] },
      contextOf('alice'),
    );

    expect(answer).toMatchObject({
      status: 201,
      headers: { location: `/v1/rooms/${roomId}` },
      body: { id: roomId, name: 'general', degraded: [] },
    });
    expect(create).toHaveBeenCalledWith(
      { name: 'general', type: RoomType.ROOM_TYPE_PUBLIC, topic: undefined, memberIds: [] },
      expect.anything(),
    );
  });

  it('is answered with 200 where the direct room existed, and stands without the names of the others', async () => {
    const direct = aRoom({ type: RoomType.ROOM_TYPE_DIRECT, name: '', directMemberIds: [userIds.alice, userIds.bob] });
    const getUser = async () => {
      throw new DownstreamError('users', 'unavailable');
    };
    const answer = await createRoom(
      downstreamOf({ users: { getUser }, rooms: { createRoom: async () => ({ room: direct, created: false }) } }),
      { type: 'direct', memberIds: [userIds.bob] },
      contextOf('alice'),
    );

    expect(answer).toMatchObject({ status: 200, body: { type: 'direct', name: null, degraded: ['users'] } });
  });

  it.each([
    ['a public room without a name', { type: 'public' }],
    ['a name of 81 characters', { type: 'public', name: 'x'.repeat(81) }],
    ['a direct room with nobody', { type: 'direct' }],
    ['an unknown type', { type: 'secret', name: 'x' }],
    ['a member who is no id', { type: 'private', name: 'x', memberIds: ['bob'] }],
  ])('is refused: %s', (_, body) => {
    expect(RoomDraft.safeParse(body).success).toBe(false);
  });
});

describe('a read marker', () => {
  it('goes to the service as it came', async () => {
    const markRoomRead = vi.fn(async () => ({}));
    await markRead(downstreamOf({ notifications: { markRoomRead } }), { roomId, messageId: roomId }, contextOf('alice'));
    expect(markRoomRead).toHaveBeenCalledWith({ roomId, messageId: roomId }, expect.anything());
  });
});
