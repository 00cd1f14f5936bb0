import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const configuration = fileURLToPath(new URL('../../../deploy/haproxy.cfg', import.meta.url));
const installed = spawnSync('haproxy', ['-v']).error === undefined;

/** The handshake of RFC 6455, which the edge checks. */
const key = Buffer.alloc(16).toString('base64');
const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** A replica that says its name, to requests and to sockets, and what it was told of who asks. */
async function startReplica(name: string): Promise<Server> {
  const server = createServer(({ headers }, response) => response.setHeader('x-told', JSON.stringify(headers)).end(name)).on(
    'upgrade',
    (_, socket) => {
      const headers = ['connection: upgrade', 'upgrade: websocket', `sec-websocket-accept: ${accept}`, `x-replica: ${name}`];
      socket.end(`HTTP/1.1 101 Switching Protocols\r\n${headers.join('\r\n')}\r\n\r\n`);
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

describe.skipIf(!installed)('the edge in front of two replicas (deploy/haproxy.cfg)', () => {
  const replicas: Server[] = [];
  let edge: ReturnType<typeof spawn>;
  let origin: string;

  beforeAll(async () => {
    replicas.push(await startReplica('a'), await startReplica('b'));
    const free = await startReplica('free');
    origin = `http://127.0.0.1:${portOf(free)}`;
    await new Promise((resolve) => free.close(resolve));
    const [a, b] = replicas.map((replica) => `127.0.0.1:${portOf(replica)}`);
    const environment = { ...process.env, EDGE: origin.replace('http://', ''), WEB_BFF_A: a, WEB_BFF_B: b };
    edge = spawn('haproxy', ['-f', configuration], { env: environment, stdio: 'ignore' });
    await vi.waitFor(() => fetch(origin), { timeout: 10_000, interval: 50 });
  });

  afterAll(async () => {
    edge.kill();
    await once(edge, 'exit');
    for (const replica of replicas) replica.close();
  });

  /** A first answer: who gave it, and the cookie. */
  async function meet() {
    const response = await fetch(origin);
    const cookie = response.headers.get('set-cookie') ?? '';
    return { name: await response.text(), cookie };
  }

  async function openSocket(cookie: string): Promise<string | undefined> {
    const handshake = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': key };
    const headers = { ...handshake, cookie: cookie.split(';', 1)[0]! };
    const opening = request(origin, { headers, agent: false });
    opening.end();
    const [response] = (await once(opening, 'upgrade')) as [IncomingMessage];
    response.socket.destroy();
    return response.headers['x-replica'] as string | undefined;
  }

  it('keeps a browser, its sockets too, at the replica that answered it first', async () => {
    const met = [await meet(), await meet()];
    expect(new Set(met.map(({ name }) => name))).toEqual(new Set(['a', 'b']));
    for (const { name, cookie } of met) for (let time = 0; time < 5; time++) expect(await openSocket(cookie)).toBe(name);
  });

  it('gives a cookie that scripts cannot read and other sites do not send', async () => {
    const { cookie } = await meet();
    expect(cookie).toMatch(/^__Host-facet-replica=[ab];/);
    for (const attribute of ['path=/', 'HttpOnly', 'Secure', 'SameSite=Strict'])
      expect(cookie.toLowerCase()).toContain(attribute.toLowerCase());
    expect(cookie.toLowerCase()).not.toContain('domain');
  });

  it('says who asks itself, whatever a client says', async () => {
    const lies = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'client-cert', 'client-cert-chain'];
    const response = await fetch(origin, { headers: Object.fromEntries(lies.map((name) => [name, 'a-lie'])) });
    const told = response.headers.get('x-told')!;
    expect(told).not.toContain('a-lie');
    const { host } = new URL(origin);
    expect(JSON.parse(told)).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': host, 'x-forwarded-proto': 'http' });
  });

  it('sends a browser on to the other replica when its own is gone', async () => {
    const met = [await meet(), await meet()].find(({ name }) => name === 'a')!;
    replicas[0]!.closeAllConnections();
    await new Promise((resolve) => replicas[0]!.close(resolve));
    expect(await openSocket(met.cookie)).toBe('b');
  });
});
