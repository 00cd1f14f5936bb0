import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TcpProxy } from '../src/index.js';
import { seeded } from '../src/index.js';
import { Caller, closeAll, startProxy, startUpstream } from './upstream.js';

let upstream: Awaited<ReturnType<typeof startUpstream>>;
let proxy: TcpProxy;
beforeEach(async () => {
  upstream = await startUpstream();
  proxy = await startProxy(upstream);
});
afterEach(async () => {
  vi.useRealTimers();
  await closeAll();
});

/** Time that passes when it is told to; sockets go on by themselves. */
const holdTime = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });

/** Resolves once the upstream has read what was said by these callers and answered, so that the answers are on their way. */
async function said(count: number): Promise<void> {
  while (upstream.sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0) < count) await turn();
}

/** A turn of the event loop with its sockets. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Enough turns for whatever can move without time passing. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 50; turns += 1) await turn();
}

describe('without a toxic', () => {
  it('every byte arrives as it was sent, whichever way, many at once', async () => {
    const bytes = randomBytes(8 * 1024 * 1024);
    const callers = [new Caller(proxy), new Caller(proxy)];
    for (const caller of callers) caller.socket.write(bytes);
    for (const caller of callers) expect((await caller.reads(bytes.length)).equals(bytes)).toBe(true);
  });

  it('an end is an end, and the other way goes on', async () => {
    const caller = new Caller(proxy);
    caller.socket.end('last');
    await once(caller.socket, 'end');
    expect(caller.read.toString()).toBe('last');
    await expect(caller.ended).resolves.toBe('closed');
    await vi.waitFor(() => expect(proxy.connections).toBe(0));
  });

  it('a reset is a reset, from either side', async () => {
    const caller = new Caller(proxy);
    await caller.echo('x');
    upstream.sockets[0]!.resetAndDestroy();
    await expect(caller.ended).resolves.toBe('ECONNRESET');

    const other = new Caller(proxy);
    await other.echo('x');
    const told = new Promise((resolve) => upstream.sockets[1]!.once('error', resolve));
    other.socket.resetAndDestroy();
    await expect(told).resolves.toMatchObject({ code: 'ECONNRESET' });
    await vi.waitFor(() => expect(proxy.connections).toBe(0));
  });

  it('nobody behind it means a reset', async () => {
    upstream.server.close();
    await expect(new Caller(proxy).ended).resolves.toBe('ECONNRESET');
  });
});

describe('latency', () => {
  it('holds answers for its time, in order, on open connections and on new ones', async () => {
    const open = new Caller(proxy);
    await open.echo('x');
    holdTime();
    await proxy.apply({ kind: 'latency', ms: 1_000 });
    const fresh = new Caller(proxy);
    await fresh.connected;
    for (const caller of [open, fresh]) caller.socket.write('abc');
    await said(7);
    await settled();
    await vi.advanceTimersByTimeAsync(900);
    await settled();
    expect([open.read.toString(), fresh.read.toString()]).toEqual(['x', '']);
    await vi.advanceTimersByTimeAsync(200);
    await Promise.all([open.reads(4), fresh.reads(3)]);
  });

  it('lets go of what it held when it is taken away', async () => {
    holdTime();
    await proxy.apply({ kind: 'latency', ms: 60_000 });
    const caller = new Caller(proxy);
    caller.socket.write('abc');
    await said(3);
    await proxy.clear();
    await expect(caller.reads(3)).resolves.toEqual(Buffer.from('abc'));
  });

  it('with jitter overtakes nothing, and is the same for a seed', async () => {
    const jittery = await startProxy(upstream, { random: seeded(7) });
    await jittery.apply({ kind: 'latency', ms: 5, jitterMs: 5 });
    const caller = new Caller(jittery);
    let sent = '';
    for (let at = 0; at < 50; at += 1) {
      caller.socket.write(`${at},`);
      sent += `${at},`;
      await turn();
    }
    expect((await caller.reads(sent.length)).toString()).toBe(sent);
    const twice = [seeded(7), seeded(7)].map((random) => Array.from({ length: 5 }, random));
    expect(twice[0]).toEqual(twice[1]);
  });

  it.each([
    [0, 500],
    [0.5, 1_000],
    [0.75, 1_250],
  ])('of 1 s ± 500 ms with luck %d is %d ms', async (luck, ms) => {
    const jittery = await startProxy(upstream, { random: () => luck });
    holdTime();
    await jittery.apply({ kind: 'latency', ms: 1_000, jitterMs: 500 });
    const caller = new Caller(jittery);
    caller.socket.write('abc');
    await said(3);
    await settled();
    await vi.advanceTimersByTimeAsync(ms - 1);
    await settled();
    expect(caller.read.length).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    await caller.reads(3);
  });

  it('of requests alone is known to who answers, not to who asks', async () => {
    holdTime();
    await proxy.apply({ kind: 'latency', ms: 1_000, direction: 'requests' });
    const caller = new Caller(proxy);
    caller.socket.write('abc');
    while (upstream.sockets.length === 0) await turn();
    await settled();
    expect(upstream.sockets[0]!.bytesRead).toBe(0);
    await vi.advanceTimersByTimeAsync(1_100);
    await caller.reads(3);
  });
});

describe('bandwidth', () => {
  it('lets so many bytes through in a second, and no more', async () => {
    holdTime();
    await proxy.apply({ kind: 'bandwidth', bytesPerSecond: 1_000, direction: 'answers' });
    const caller = new Caller(proxy);
    caller.socket.write(Buffer.alloc(3_000));
    await said(3_000);
    await settled();
    for (let step = 0; step < 20; step += 1) {
      await vi.advanceTimersByTimeAsync(50);
      await settled();
    }
    expect(caller.read.length).toBeGreaterThanOrEqual(900);
    expect(caller.read.length).toBeLessThanOrEqual(1_000);
    await proxy.clear();
    await caller.reads(3_000);
  });

  it('holds up a sender that is faster, so that little is kept', async () => {
    holdTime();
    await proxy.apply({ kind: 'bandwidth', bytesPerSecond: 1_000 });
    const caller = new Caller(proxy);
    await caller.connected;
    caller.socket.write(Buffer.alloc(64 * 1024 * 1024));
    for (let before = -1; before !== caller.socket.writableLength; await settled()) before = caller.socket.writableLength;
    expect(caller.socket.writableLength).toBeGreaterThan(32 * 1024 * 1024);
  });
});

describe('reset', () => {
  it('ends open connections at once and new ones when they come', async () => {
    const open = new Caller(proxy);
    await open.echo('x');
    await proxy.apply({ kind: 'reset' });
    await expect(open.ended).resolves.toBe('ECONNRESET');
    await expect(new Caller(proxy).ended).resolves.toBe('ECONNRESET');
    await proxy.clear();
    await new Caller(proxy).echo('x');
  });

  it('after n bytes of answers ends a connection when they have passed, not earlier', async () => {
    await proxy.apply({ kind: 'reset', afterBytes: 5, direction: 'answers' });
    const caller = new Caller(proxy);
    await caller.echo('abcd');
    caller.socket.write('efgh');
    await expect(caller.ended).resolves.toBe('ECONNRESET');
    expect('abcde').toContain(caller.read.toString());
  });
});

describe('half-open', () => {
  it('accepts, reads, and says nothing', async () => {
    await proxy.apply({ kind: 'half-open' });
    const caller = new Caller(proxy);
    await caller.connected;
    caller.socket.end('hello');
    await once(caller.socket, 'finish');
    await vi.waitFor(() => expect(upstream.sockets).toHaveLength(1));
    await settled();
    expect([caller.read.length, caller.socket.readableEnded, upstream.sockets[0]!.bytesRead]).toEqual([0, false, 0]);
  });

  it('swallows a connection in the middle of an answer, and tells nobody that the other is gone', async () => {
    const caller = new Caller(proxy);
    await caller.echo('before');
    await proxy.apply({ kind: 'half-open', afterBytes: 3, direction: 'answers' });
    caller.socket.write('abcdef');
    await caller.reads(9);
    upstream.sockets[0]!.resetAndDestroy();
    await settled();
    expect([caller.read.toString(), caller.socket.destroyed]).toEqual(['beforeabc', false]);
  });

  it('resets what lost bytes when it is taken away; what lost none goes on', async () => {
    const [silenced, untouched] = [new Caller(proxy), new Caller(proxy)];
    await Promise.all([silenced.echo('x'), untouched.echo('x')]);
    await proxy.apply({ kind: 'half-open', direction: 'answers' });
    silenced.socket.write('lost');
    await said(6);
    await settled();
    await proxy.clear();
    await expect(silenced.ended).resolves.toBe('ECONNRESET');
    await untouched.echo('still here');
  });
});

describe('down', () => {
  it('refuses who comes, resets who is there, and listens on the same port again', async () => {
    const open = new Caller(proxy);
    await open.echo('x');
    const { port } = proxy;
    await proxy.apply({ kind: 'down' });
    await expect(open.ended).resolves.toBe('ECONNRESET');
    await expect(new Caller(proxy).ended).resolves.toBe('ECONNREFUSED');
    await proxy.clear();
    expect(proxy.port).toBe(port);
    await new Caller(proxy).echo('x');
  });

  it('a port that somebody took meanwhile is waited for', async () => {
    await proxy.apply({ kind: 'down' });
    const squatter = await startUpstream();
    squatter.server.close();
    await once(squatter.server, 'close');
    squatter.server.listen(proxy.port, '127.0.0.1');
    await once(squatter.server, 'listening');
    const back = proxy.clear();
    squatter.server.close();
    await back;
    await new Caller(proxy).echo('x');
  });
});

describe('flapping', () => {
  it('is down first, then up, then down', async () => {
    holdTime();
    await proxy.apply({ kind: 'flapping', everyMs: 1_000 });
    await expect(new Caller(proxy).ended).resolves.toBe('ECONNREFUSED');
    await vi.advanceTimersByTimeAsync(1_000);
    await settled();
    const caller = new Caller(proxy);
    await caller.echo('x');
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(caller.ended).resolves.toBe('ECONNRESET');
    await proxy.clear();
    await new Caller(proxy).echo('x');
  });
});

it('a proxy that was closed has freed its port and stays away', async () => {
  const caller = new Caller(proxy);
  await caller.echo('x');
  await proxy.close();
  await expect(caller.ended).resolves.toBe('ECONNRESET');
  await proxy.clear();
  await expect(new Caller(proxy).ended).resolves.toBe('ECONNREFUSED');
});
