import { MemberJoined, MemberLeft, RoomDeleted } from '@facet/contracts/rooms';
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

const unreadOfBoth = async () => [await unreadOf('carol'), await unreadOf('dave')];

/** Carol and dave see the room, then notifications is away: what they see of it now. It may take a moment until it answers again. */
const afterOutage = async () => {
  mobile.reset();
  await vi.waitFor(async () => expect(await unreadOfBoth()).toEqual([1, 1]), { timeout: 10_000 });
  stopNotifications();
  return unreadOfBoth();
};
/** Nothing is kept before the application has begun to watch. */
const keptForBoth = () => vi.waitFor(async () => expect(await afterOutage()).toEqual([1, 1]), { timeout: 20_000 });

it.each([
  ['left', () => mobile.events.emit(MemberLeft, MemberLeft.fromPartial({ roomId, userId: userIds.carol }))],
  ['got another role in', () => mobile.events.emit(MemberJoined, MemberJoined.fromPartial({ roomId, member: { userId: userIds.carol } }))],
])('what was kept for somebody who %s a room is not shown any more, what was kept for others is', async (_, happen) => {
  await keptForBoth();
  await happen();
  expect(await unreadOfBoth()).toEqual([null, 1]);
});

it('what was kept for anybody is not shown any more once a room was deleted, which does not name its members', async () => {
  await keptForBoth();
  await mobile.events.emit(RoomDeleted, RoomDeleted.fromPartial({ roomId }));
  expect(await unreadOfBoth()).toEqual([null, null]);
});

it('while events cannot be seen nothing is kept or shown, and once they can be seen again it is as before', async () => {
  await keptForBoth();
  mobile.events.leave();
  await vi.waitFor(async () => expect(await unreadOfBoth()).toEqual([null, null]));
  expect(await afterOutage()).toEqual([null, null]);
  mobile.events.back();
  await keptForBoth();
});
