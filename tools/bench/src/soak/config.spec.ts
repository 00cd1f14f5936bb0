import { expect, it } from 'vitest';
import { readSoakChoices } from './config.js';

it('unless told otherwise everything is soaked, for as long as it takes', () => {
  expect(readSoakChoices([], {})).toMatchObject({ only: [], minutes: 10, requests: 10_000 });
});

it('parts are named one by one or with commas', () => {
  expect(readSoakChoices(['--only', 'abandon,storm', '--only', 'same'], {}).only).toEqual(['abandon', 'storm', 'same']);
});

it.each(['0', '-1', 'ten', 'Infinity'])('%s minutes make no sense', (minutes) => {
  expect(() => readSoakChoices([`--minutes=${minutes}`], {})).toThrow('--minutes');
});
