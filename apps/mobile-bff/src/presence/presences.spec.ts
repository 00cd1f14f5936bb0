import { PresenceStatus } from '@facet/contracts/presence';
import { contextOf } from '@facet/testing';
import { expect, it, vi } from 'vitest';
import { downstreamOf, roomId } from '../../test/downstream.fixtures.js';
import { setPresence, setTyping } from './presences.js';

it.each([
  ['online', PresenceStatus.PRESENCE_STATUS_ONLINE],
  ['away', PresenceStatus.PRESENCE_STATUS_AWAY],
] as const)('%s is said to presence-service', async (status, expected) => {
  const heartbeat = vi.fn(async () => ({}));
  await setPresence(downstreamOf({ presence: { heartbeat } }), { status }, contextOf('carol'));
  expect(heartbeat).toHaveBeenCalledWith({ status: expected }, expect.anything());
});

it('typing is said of the room of the path', async () => {
  const typing = vi.fn(async () => ({}));
  await setTyping(downstreamOf({ presence: { setTyping: typing } }), { roomId }, contextOf('carol'));
  expect(typing).toHaveBeenCalledWith({ roomId }, expect.anything());
});
