import { MemberJoined, MemberLeft } from '@facet/contracts/rooms';
import { ProblemError } from '@facet/errors';
import { idOf, userIds, type TestUser } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startMobile, type Mobile } from './start-mobile.js';

let mobile: Mobile;
beforeAll(async () => void (mobile = await startMobile()));
beforeEach(() => mobile.reset());
afterAll(() => mobile.stop());

const unreadOf = async (as: TestUser): Promise<number | null> => (await mobile.call('GET', `/v1/rooms/${idOf(1)}`, { as })).body.unread;
const stopNotifications = () => void (mobile.fakes.notifications.failure = new ProblemError('dependency-unavailable'));
const roomId = idOf(1);

/** Carol and dave have seen the room, and notifications is away. */
const keptForBoth = async () => {
  await vi.waitFor(async () => expect([await unreadOf('carol'), await unreadOf('dave')]).toEqual([1, 1]), { timeout: 10_000 });
  stopNotifications();
  expect([await unreadOf('carol'), await unreadOf('dave')]).toEqual([1, 1]);
};

it.each([
  ['left', () => mobile.events.emit(MemberLeft, MemberLeft.fromPartial({ roomId, userId: userIds.carol }))],
  ['got another role in', () => mobile.events.emit(MemberJoined, MemberJoined.fromPartial({ roomId, member: { userId: userIds.carol } }))],
])('what was kept for somebody who %s a room is not shown any more, what was kept for others is', async (_, happen) => {
  await keptForBoth();
  await happen();
  expect([await unreadOf('carol'), await unreadOf('dave')]).toEqual([null, 1]);
});
