import { newId } from '@facet/database';
import { expect, test } from 'vitest';
import { eventOf, headersOf } from './cloud-events.js';

const record = {
  id: newId(),
  topic: 'facet.rooms.v1',
  key: 'r1',
  type: 'facet.rooms.v1.RoomCreated',
  source: 'rooms-service',
  time: new Date('2026-01-02T03:04:05.678Z'),
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: Buffer.from([1, 2, 3]),
};

test('an event travels in binary mode: attributes as ce_ headers, protobuf as the value', () => {
  expect(headersOf(record)).toEqual({
    'content-type': 'application/protobuf',
    ce_specversion: '1.0',
    ce_id: record.id,
    ce_source: '/rooms-service',
    ce_type: 'facet.rooms.v1.RoomCreated',
    ce_time: '2026-01-02T03:04:05.678Z',
    ce_partitionkey: 'r1',
    ce_traceparent: record.traceparent,
  });
});

test('what was written is read back, whatever bytes the headers come as', () => {
  const headers = Object.fromEntries(Object.entries(headersOf(record)).map(([name, value]) => [name, Buffer.from(String(value))]));
  expect(eventOf(record.topic, headers, record.data)).toEqual(record);
});

test('a record that is no event of ours is nothing', () => {
  expect(eventOf('t', {}, Buffer.from(''))).toBeUndefined();
  expect(eventOf('t', { ...headersOf(record), ce_id: 'not-a-uuid' }, record.data)).toBeUndefined();
  expect(eventOf('t', headersOf(record), null)).toBeUndefined();
});
