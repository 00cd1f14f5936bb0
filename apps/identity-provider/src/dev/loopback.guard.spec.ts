import type { ExecutionContext } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { LoopbackGuard } from './loopback.guard.js';

const asking = (remoteAddress: string | undefined) => () =>
  new LoopbackGuard().canActivate({
    switchToHttp: () => ({ getRequest: () => ({ socket: { remoteAddress } }) }),
  } as unknown as ExecutionContext);

describe('development endpoints', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('exist for %s', (address) => {
    expect(asking(address)()).toBe(true);
  });

  it.each(['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '1.127.0.0', undefined])('do not exist for %s', (address) => {
    expect(asking(address)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});
