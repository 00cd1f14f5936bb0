import dns, { type LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ConnectionSecurity } from './connection-security.js';

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const resolved = (...addresses: string[]) => {
  vi.spyOn(dns, 'lookup').mockImplementation(((_name: string, options: { all?: boolean }, found: (...answer: unknown[]) => void) => {
    const all: LookupAddress[] = addresses.map((address) => ({ address, family: 4 }));
    if (options.all) found(null, all);
    else found(null, addresses[0], 4);
  }) as never);
  // What imports it by name sees it too.
  syncBuiltinESMExports();
};

function inTheClear() {
  const report = vi.fn();
  return { report, security: new ConnectionSecurity({ expected: 'rooms-service', report }) };
}

describe('without a certificate', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])('what is connected to %s may be used', async (remoteAddress) => {
    const socket = { remoteAddress } as Socket;
    await expect(inTheClear().security.over(socket, 'h2')).resolves.toBe(socket);
  });

  it.each(['10.0.0.1', '2001:db8::1', '::ffff:10.0.0.1', undefined])(
    'what is connected to %s may not, and that is said once',
    async (remoteAddress) => {
      const { report, security } = inTheClear();
      for (let turn = 0; turn < 2; turn++) await expect(security.over({ remoteAddress } as Socket, 'h2')).rejects.toThrow('is not called');
      expect(report).toHaveBeenCalledTimes(1);
    },
  );

  it.each(['10.0.0.1', '2001:db8::1'])('nothing is opened to %s', (host) => {
    expect(inTheClear().security.open(host, 80, 'http/1.1')).toBeInstanceOf(Error);
  });

  it('nothing is opened to a name that is of another machine, or of another as well', async () => {
    for (const addresses of [['10.0.0.1'], ['127.0.0.1', '10.0.0.1']]) {
      resolved(...addresses);
      const socket = inTheClear().security.open('rooms.example', 80, 'http/1.1') as Socket;
      const [error] = (await once(socket, 'error')) as [Error];
      expect(error.message).toContain('rooms-service at 10.0.0.1 is not called');
    }
  });

  it('a name of this machine is as good as its address', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    resolved('127.0.0.1');
    const socket = inTheClear().security.open('rooms.local', (server.address() as AddressInfo).port, 'http/1.1') as Socket;
    await once(socket, 'connect');
    socket.destroy();
  });
});
