import fastJson, { type Schema } from 'fast-json-stringify';
import { describe, expect, it } from 'vitest';
import { schemaOf } from './schema-of.js';

const written = (value: unknown) => JSON.parse(fastJson(schemaOf(value) as Schema)(value));

describe('the schema of a sample', () => {
  it.each([
    ['what a screen is made of', { id: 'a', at: '2026-11-01T12:00:00.000Z', count: 3, share: 0.5, read: false, rooms: [{ id: 'b' }] }],
    [
      'null beside a value',
      {
        rooms: [
          { name: null, last: { by: 'a' } },
          { name: 'general', last: null },
        ],
      },
    ],
    ['numbers of two kinds', { counts: [1, 2.5] }],
    ['members that only some have', { rooms: [{ id: 'a' }, { id: 'b', topic: 'c' }] }],
    ['nothing but null, and nothing at all', { one: null, none: [] }],
    ['lists in lists', { pages: [[1], [], [null, 2]] }],
  ])('loses nothing of %s', (_, value) => {
    expect(written(value)).toEqual(value);
  });
});
