import { MemberRole } from '@facet/contracts/rooms';
import { aMember, aRoom, contextOf, idOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, listOf } from '../../test/downstream.fixtures.js';
import { createMember, getMember, listMembers, putMember, removeMember } from './members.js';

const roomId = idOf(1);
const bob = { roomId, userId: userIds.bob };
const self = `/api/v1/rooms/${roomId}/members/${userIds.bob}`;
const asAlice = () => contextOf('alice');
const asBob = () => contextOf('bob');

describe('members', () => {
  it('come by user id, with their role and links', async () => {
    const list = vi.fn(async () => ({ members: [aMember({ role: MemberRole.MEMBER_ROLE_ADMIN })], more: true }));
    const downstream = downstreamOf({ rooms: { listMembers: list } });

    const { body } = await listMembers(downstream, { roomId }, listOf({ limit: 1 }), asAlice());
    await listMembers(downstream, { roomId }, listOf({ limit: 1, cursor: body.page.next ?? '' }), asAlice());

    expect(body.data).toEqual([
      {
        userId: userIds.bob,
        role: 'admin',
        joinedAt: aMember().joinedAt,
        links: { self, user: `/api/v1/users/${userIds.bob}`, room: `/api/v1/rooms/${roomId}` },
      },
    ]);
    expect(list).toHaveBeenLastCalledWith({ roomId, pageSize: 1, after: userIds.bob, descending: false }, expect.anything());
  });

  it('are found one by one behind the id just before theirs', async () => {
    const list = vi.fn(async () => ({ members: [aMember()], more: true }));
    await getMember(downstreamOf({ rooms: { listMembers: list } }), bob, asAlice());
    expect(list).toHaveBeenCalledWith({ roomId, pageSize: 1, after: '01900000-0000-7000-8000-00000000000a' }, expect.anything());
  });

  it('are not found where the next one is somebody else, or nobody', async () => {
    for (const members of [[aMember({ userId: userIds.carol })], []]) {
      const rooms = { listMembers: async () => ({ members, more: false }) };
      await expect(getMember(downstreamOf({ rooms }), bob, asAlice())).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('are added by others with 201, and with 200 where they were members', async () => {
    for (const created of [true, false]) {
      const rooms = { addMember: async () => ({ member: aMember(), created }) };
      const { status, body } = await putMember(downstreamOf({ rooms }), bob, asAlice());
      expect(status).toBe(created ? 201 : undefined);
      expect(body).toMatchObject({ userId: userIds.bob, role: 'member' });
    }
  });

  it('join by themselves', async () => {
    const join = vi.fn(async () => ({ room: aRoom() }));
    const found = [[], [aMember()]];
    const listMembers = async () => ({ members: found.shift() ?? [], more: false });

    const { status, headers } = await putMember(downstreamOf({ rooms: { joinRoom: join, listMembers } }), bob, asBob());

    expect({ status, headers }).toEqual({ status: 201, headers: { location: self } });
    expect(join).toHaveBeenCalledTimes(1);
  });

  it('do not join again', async () => {
    const rooms = { listMembers: async () => ({ members: [aMember()], more: false }) };
    expect(await putMember(downstreamOf({ rooms }), bob, asBob())).toMatchObject({ status: undefined, body: { userId: userIds.bob } });
  });

  it('are a conflict where they are to be made a second time', async () => {
    const rooms = { addMember: async () => ({ member: aMember(), created: false }) };
    await expect(createMember(downstreamOf({ rooms }), bob, asAlice())).rejects.toMatchObject({ code: 'conflict' });
  });

  it('leave by themselves and are taken out by others', async () => {
    const leaveRoom = vi.fn(async () => ({}));
    const remove = vi.fn(async () => ({}));
    const downstream = downstreamOf({ rooms: { leaveRoom, removeMember: remove } });

    await removeMember(downstream, bob, asBob());
    await removeMember(downstream, bob, asAlice());

    expect(leaveRoom).toHaveBeenCalledExactlyOnceWith({ roomId }, expect.anything());
    expect(remove).toHaveBeenCalledExactlyOnceWith(bob, expect.anything());
  });
});
