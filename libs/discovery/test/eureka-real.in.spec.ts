import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { register, type Registration } from '../src/index.js';
import { closedAfterwards } from './closing.js';
import { closeWhatIsOpen, Follower } from './follower.js';

// `eureka://127.0.0.1:8761/eureka` of tools/eureka.
const url = URL.parse(process.env['EUREKA_URL'] ?? '');

/** Line: a way to the server that can be cut. */
class Line {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  port = 0;

  async open(): Promise<void> {
    this.#server = createServer((near) => {
      const far = connect(Number(url?.port), url?.hostname);
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    }).listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

describe.skipIf(!url)('a real Eureka server', () => {
  let name: string;
  let line: Line;
  beforeEach(async () => {
    name = `rooms-${randomUUID()}`;
    line = new Line();
    await line.open();
    closedAfterwards(() => line.cut());
  });
  afterEach(closeWhatIsOpen);

  const base = () => `eureka://127.0.0.1:${line.port}${url?.pathname}`;
  const follow = (now?: () => number) => new Follower(`${base()}/${name}?interval-ms=100`, now && { now });

  async function enter(port: number, more: object = {}): Promise<Registration> {
    const registration = await register(
      `${url?.href}?renew-ms=100`,
      { name, address: '127.0.0.1', port, ...more },
      { report: () => undefined },
    );
    closedAfterwards(() => registration.close());
    return registration;
  }
  const api = (method: string, path: string) =>
    fetch(`http://${url?.host}${url?.pathname}/apps/${name.toUpperCase()}/127.0.0.1:${name}:${path}`, { method });

  it('tells who comes with zone, weight and version, who is taken out of service, and who goes', async () => {
    const follower = follow();
    await follower.sees();
    const first = await enter(5052, { zone: 'a', weight: 3, version: '1.4' });
    await follower.sees('127.0.0.1:5052');
    expect(follower.tables.at(-1)).toEqual([{ address: '127.0.0.1:5052', zone: 'a', weight: 3, version: '1.4' }]);
    await enter(5053);
    await follower.sees('127.0.0.1:5052', '127.0.0.1:5053');
    expect((await api('PUT', '5053/status?value=OUT_OF_SERVICE')).status).toBe(200);
    await follower.sees('127.0.0.1:5052');
    await api('DELETE', '5053/status?value=UP');
    await follower.sees('127.0.0.1:5052', '127.0.0.1:5053');
    await first.close();
    await follower.sees('127.0.0.1:5053');
    expect(follower.reports).toEqual([]);
  });

  it('is entered again by an instance that it has forgotten', async () => {
    const registration = await enter(5052);
    expect((await api('DELETE', '5052')).status).toBe(200);
    await vi.waitFor(async () => expect((await api('GET', '5052')).status).toBe(200), 5_000);
    expect(registration.registered).toBe(true);
  });

  it('keeps its last table in use while it is away, and is followed again when it is back', async () => {
    const clock = { now: 0 };
    await enter(5052);
    const follower = follow(() => clock.now);
    await follower.sees('127.0.0.1:5052');
    await line.cut();
    await follower.hears('is away');
    clock.now = 60_000;
    await enter(5053);
    expect(follower.discovery.ageMs).toBe(60_000);
    expect(follower.tables).toHaveLength(1);
    await line.open();
    await follower.sees('127.0.0.1:5052', '127.0.0.1:5053');
    expect(follower.discovery.ageMs).toBe(0);
  });
});
