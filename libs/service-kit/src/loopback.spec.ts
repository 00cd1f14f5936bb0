import { describe, expect, it } from 'vitest';
import { isLoopback } from './loopback.js';

describe('loopback', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '[::1]', '::ffff:127.0.0.1', 'localhost', 'LocalHost'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['10.0.0.1', '0.0.0.0', '::', '::ffff:10.0.0.1', '2001:db8::1', '1.127.0.0', '127.evil.example', 'localhost.evil.example', ''])(
    'is not %s',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );
});
