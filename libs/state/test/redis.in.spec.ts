import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { openState } from '../src/index.js';
import { RedisState } from '../src/redis-state.js';
import { describeState } from './state-suite.js';

const redisUrl = process.env['REDIS_URL'];

if (redisUrl) {
  describeState('Redis', async () => ({
    open: () => openState({ redisUrl, schema: 'web_bff', application: 'web-bff' }),
    close: async () => undefined,
  }));

  test('applications on one server do not meet', async () => {
    const [one, other] = await Promise.all(['web-bff', 'mobile-bff'].map((application) => RedisState.open({ url: redisUrl, application })));
    const key = `key:${Math.random()}`;
    await one!.insert(key, Buffer.from('x'), 5_000);
    expect(await other!.get(key)).toBeUndefined();
    await Promise.all([one!.close(), other!.close()]);
  });
}

test('a Redis that does not answer in time is an outage', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const opening = RedisState.open({ url: `redis://127.0.0.1:${port}`, application: 'web-bff', deadlineMs: 100 });
  await expect(opening).rejects.toMatchObject({ code: 'dependency-unavailable', status: 503 });
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

test('start-up fails with a line that says which Redis is away', async () => {
  const away = openState({ redisUrl: 'redis://:secret@127.0.0.1:1', schema: 'web_bff', application: 'web-bff' });
  await expect(away).rejects.toThrow(/^The shared state at 127\.0\.0\.1:1 cannot be used: (?!.*secret)/);
});
