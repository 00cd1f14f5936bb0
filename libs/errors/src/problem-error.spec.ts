import { expect, it } from 'vitest';
import { DownstreamError, ProblemError } from './problem-error.js';

it('a failure of a dependency has no stack, every other problem has one', () => {
  expect(new DownstreamError('rooms', 'open').stack).not.toContain('\n    at ');
  expect(new ProblemError('conflict').stack).toContain('\n    at ');
});
