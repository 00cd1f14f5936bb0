import { expect, it } from 'vitest';
import { oneLine } from './trouble.js';

it.each([
  [Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }), 'The disk is full.'],
  [Object.assign(new Error('EACCES'), { code: 'EACCES', path: '/facet/.facet' }), '/facet/.facet may not be written'],
  [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'Nothing listens where DATABASE_URL points.'],
  [new Error('first line\n    at stack'), 'first line'],
])('%s is one line that says what to do', (error, line) => {
  expect(oneLine(error)).toContain(line);
  expect(oneLine(error)).not.toContain('\n');
});
