import { MemberRole, RoomType } from '@facet/contracts/rooms';
import { DownstreamError } from '@facet/errors';
import { aMessage, anAttachment, aRoom, contextOf, idOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { cursors, downstreamOf, roomId, usersNamed } from '../../test/downstream.fixtures.js';
import { getRoom } from './get-room.js';

const working = {
  users: usersNamed(),
  rooms: { getRoom: async () => ({ room: aRoom({ topic: 'Everything' }) }) },
  messages: { listMessages: async () => ({ messages: [aMessage()], more: false }) },
  presence: { countOnline: async () => ({ count: 2 }) },
  notifications: { countUnread: async () => ({ count: 5 }) },
};
const input = { roomId, limit: 30 };
const alice = () => contextOf('alice');

describe('the room screen', () => {
  it('is the room, its messages, counts and names', async () => {
    expect(await getRoom(downstreamOf(working), cursors, input, alice())).toEqual({
      room: { id: roomId, name: 'general', type: 'public', topic: 'Everything', members: 3, online: 2, role: 'member' },
      messages: [
        {
          id: idOf(100),
          by: { id: userIds.bob, name: 'Bob', avatarUrl: null },
          text: 'Good morning',
          reactions: [],
          attachments: [],
          at: aMessage().createdAt,
          edited: false,
          deleted: false,
        },
      ],
      next: null,
      unread: 5,
      degraded: [],
    });
  });

  it('asks for the room, its messages and who is online at once', async () => {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const [listMessages, countOnline] = [vi.fn(working.messages.listMessages), vi.fn(working.presence.countOnline)];
    const rooms = { getRoom: async () => (await late, { room: aRoom() }) };
    const screen = getRoom(
      downstreamOf({ ...working, rooms, messages: { listMessages }, presence: { countOnline } }),
      cursors,
      input,
      alice(),
    );

    expect([listMessages.mock.calls.length, countOnline.mock.calls.length]).toEqual([1, 1]);
    resolve();
    expect(await screen).toMatchObject({ unread: 5, degraded: [] });
  });

  it('goes on behind the last message of the page before', async () => {
    const listMessages = vi.fn(async () => ({ messages: [aMessage({ id: idOf(9) }), aMessage({ id: idOf(8) })], more: true }));
    const downstream = downstreamOf({ ...working, messages: { listMessages } });

    const first = await getRoom(downstream, cursors, { roomId, limit: 2 }, alice());
    await getRoom(downstream, cursors, { roomId, limit: 2, before: first.next ?? '' }, alice());

    expect(listMessages).toHaveBeenLastCalledWith(
      { of: { $case: 'roomId', value: roomId }, pageSize: 2, after: idOf(8) },
      expect.anything(),
    );
  });

  it('refuses the cursor of another room', async () => {
    const foreign = cursors.seal(idOf(8), `room ${idOf(2)}`);
    await expect(getRoom(downstreamOf(working), cursors, { ...input, before: foreign }, alice())).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  it('says nobody is online only when presence said so', async () => {
    const countOnline = async () => {
      throw new DownstreamError('presence', 'timeout');
    };
    const screen = await getRoom(downstreamOf({ ...working, presence: { countOnline } }), cursors, input, alice());

    expect(screen.room.online).toBeNull();
    expect(screen.degraded).toEqual(['presence']);
  });

  it('does not ask what is unread by who has not joined', async () => {
    const rooms = { getRoom: async () => ({ room: aRoom({ viewerRole: MemberRole.MEMBER_ROLE_UNSPECIFIED }) }) };
    const screen = await getRoom(downstreamOf({ ...working, rooms, notifications: {} }), cursors, input, alice());

    expect(screen).toMatchObject({ room: { role: null }, unread: 0, degraded: [] });
  });

  it('is named after the others, in at most 80 graphemes', async () => {
    const members = Array.from({ length: 8 }, (_, number) => idOf(number));
    const rooms = { getRoom: async () => ({ room: aRoom({ type: RoomType.ROOM_TYPE_DIRECT, name: '', directMemberIds: members }) }) };
    const users = usersNamed(Object.fromEntries(members.map((id) => [id, '👩‍👩‍👧'.repeat(20)])));

    const screen = await getRoom(downstreamOf({ ...working, rooms, users }), cursors, input, contextOf('alice'));

    expect([...new Intl.Segmenter().segment(screen.room.name ?? '')]).toHaveLength(80);
    expect(screen.room.name).toMatch(/^👩‍👩‍👧.*…$/u);
  });

  it.each(['rooms', 'messages'] as const)('is no screen without %s', async (dependency) => {
    const down = async () => {
      throw new DownstreamError(dependency, 'unavailable');
    };
    const broken = { rooms: { getRoom: down }, messages: { listMessages: down } };
    const downstream = downstreamOf({ ...working, [dependency]: broken[dependency] });

    await expect(getRoom(downstream, cursors, input, alice())).rejects.toMatchObject({ code: 'dependency-unavailable' });
  });

  it('weighs less than 64 kB with 30 messages of nothing but stacked marks, reactions and files', async () => {
    const reactions = Array.from({ length: 200 }, (_, number) => ({ emoji: '👩‍👩‍👧', count: number, mine: false }));
    const attachments = Array.from({ length: 10 }, () =>
      anAttachment({ name: '🦄'.repeat(60), type: 'application/vnd.oasis.opendocument.text' }),
    );
    const heavy = (number: number) => aMessage({ id: idOf(number), content: `e${'\u0301'.repeat(3_999)}`, reactions, attachments });
    const messages = { listMessages: async () => ({ messages: Array.from({ length: 30 }, (_, number) => heavy(number)), more: true }) };

    const screen = await getRoom(downstreamOf({ ...working, messages }), cursors, input, alice());

    expect(Buffer.byteLength(JSON.stringify(screen))).toBeLessThan(64_000);
    expect(screen.messages[0]).toMatchObject({ truncated: true });
  });
});
