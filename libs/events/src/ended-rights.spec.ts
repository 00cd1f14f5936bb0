import { MemberJoined, MemberLeft, RoomCreated, RoomDeleted, RoomUpdated } from '@facet/contracts/rooms';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EndedRights, type KeptAnswers } from './ended-rights.js';
import type { EventCodec, StoredEvent } from './event.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const of = <Data>(codec: EventCodec<Data>, data: Data) =>
  ({ type: codec.$type, data: codec.encode(data).finish() }) as Pick<StoredEvent, 'type' | 'data'> as StoredEvent;
const left = of(MemberLeft, MemberLeft.fromPartial({ roomId: 'r', userId: 'alice' }));

/** What the keeper of answers was told since `begin`. */
function following() {
  const told: string[] = [];
  const kept: KeptAnswers = {
    resume: () => void told.push('resume'),
    suspend: () => void told.push('suspend'),
    purge: (subject) => void told.push(`purge ${subject}`),
  };
  const rights = new EndedRights(kept);
  const begin = () => {
    rights.began();
    vi.advanceTimersByTime(2_000);
    told.length = 0;
  };
  return { rights, told, begin };
}

test('before events are seen no kept answer is used', () => {
  const { rights, told } = following();
  expect(told).toEqual(['suspend']);
  rights.began();
  expect(told).toEqual(['suspend', 'resume']);
});

test.each([
  ['left a room', left],
  ['joined a room, or has another role in it', of(MemberJoined, MemberJoined.fromPartial({ roomId: 'r', member: { userId: 'alice' } }))],
])('of somebody who %s the kept answers are forgotten, and nobody else’s', (_, event) => {
  const { rights, told, begin } = following();
  begin();
  rights.saw(event);
  expect(told).toEqual(['purge alice']);
});

test.each([
  ['a room that was deleted', of(RoomDeleted, RoomDeleted.fromPartial({ roomId: 'r' }))],
  ['an event of a kind that is new', { ...left, type: 'facet.rooms.v1.MemberBanned' }],
  ['an event that cannot be read', { ...left, data: Uint8Array.of(0xff) }],
  ['a member without a name', of(MemberLeft, MemberLeft.fromPartial({ roomId: 'r' }))],
])('for %s everybody’s are forgotten', (_, event) => {
  const { rights, told, begin } = following();
  begin();
  rights.saw(event);
  expect(told).toEqual(['suspend', 'resume']);
});

test.each([of(RoomCreated, RoomCreated.fromPartial({ roomId: 'r' })), of(RoomUpdated, RoomUpdated.fromPartial({ roomId: 'r' }))])(
  'an event that ends no right costs no answer: $type',
  (event) => {
    const { rights, told, begin } = following();
    begin();
    rights.saw(event);
    vi.advanceTimersByTime(2_000);
    expect(told).toEqual([]);
  },
);

test('what services answered before they knew is forgotten as well, two seconds later', () => {
  const { rights, told, begin } = following();
  begin();
  rights.saw(left);
  vi.advanceTimersByTime(1_999);
  expect(told).toEqual(['purge alice']);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['purge alice', 'purge alice']);
});

test('what was answered in the first two seconds is forgotten, since an event just before may have ended a right', () => {
  const { rights, told } = following();
  rights.began();
  told.length = 0;
  vi.advanceTimersByTime(2_000);
  expect(told).toEqual(['suspend', 'resume']);
});

test('while it is blind nothing makes kept answers usable again', () => {
  const { rights, told } = following();
  rights.began();
  rights.saw(of(RoomDeleted, RoomDeleted.fromPartial({ roomId: 'r' })));
  rights.lost();
  told.length = 0;
  rights.saw(of(RoomDeleted, RoomDeleted.fromPartial({ roomId: 'r' })));
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([]);
  rights.began();
  expect(told).toEqual(['resume']);
});
