import { expect, it } from 'vitest';
import { id, pageSize, text } from './fields.js';

it.each([
  ['nothing, where something must be', '', false],
  ['one character', 'a', true],
  ['three characters beyond the basic plane', '😀😀😀', true],
  ['four of them', '😀😀😀😀', false],
  ['a megabyte', 'a'.repeat(1_000_000), false],
  ['NUL', 'a\0', false],
  ['half a surrogate pair', 'a\ud83d', false],
])('text(1, 3): %s', (_, value, fits) => {
  expect(text(1, 3).safeParse(value).success).toBe(fits);
});

it('an id in upper case is the same id', () => {
  expect(id.parse('01900000-0000-7000-8000-00000000000A')).toBe('01900000-0000-7000-8000-00000000000a');
  expect(id.safeParse('a').success).toBe(false);
});

it('no page size is the usual one, and none is beyond the most', () => {
  const size = pageSize(20, 100);
  expect([size.parse(0), size.parse(7), size.parse(100)]).toEqual([20, 7, 100]);
  expect(size.safeParse(101).success).toBe(false);
});
