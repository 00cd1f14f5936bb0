import { describe, expect, it } from 'vitest';
import { describeStartFailure, StartFailure } from './start-failure.js';

describe('a start-up that failed', () => {
  it.each([
    [
      'as Node tells it',
      Object.assign(new Error('listen EADDRINUSE: address already in use 127.0.0.1:5052'), { code: 'EADDRINUSE', port: 5052 }),
    ],
    [
      'as gRPC tells it',
      new Error('No address added out of total 1 resolved; errors: [listen EADDRINUSE: address already in use 127.0.0.1:5052]'),
    ],
    ['of an IPv6 address', new Error('listen EADDRINUSE: address already in use ::1:5052')],
  ])('for a port in use says which, and what to do (%s)', (_, error) => {
    expect(describeStartFailure(error)).toBe('Port 5052 is in use. Stop what listens there or configure another port.');
  });

  it('says its reason in one line', () => {
    expect(describeStartFailure(new StartFailure('The database is away.\nIs it running?'))).toBe('The database is away. Is it running?');
    expect(describeStartFailure(new AggregateError([new Error('one'), new Error('two')]))).toBe('one, two');
    expect(describeStartFailure('a text')).toBe('a text');
  });
});
