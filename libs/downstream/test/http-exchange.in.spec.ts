import type { RequestListener } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { Ending } from '@facet/context';
import { GetAttachmentResponse } from '@facet/contracts/media';
import { describe, expect, it, vi } from 'vitest';
import { readAnswer } from '../src/http-answer.js';
import { contextOf, json, printed, startServer, token } from './http-server.fixtures.js';
import { away, failing, get, nothingIsLeft, post, wayTo, wayWith } from './http-way.fixtures.js';

const goneAway = failing({ code: 'client-closed-request' });

describe('bytes of a service', () => {
  it('come as they are, with what a client may know of them', async () => {
    const way = await wayWith((_, response) => {
      response.writeHead(206, {
        'content-type': 'image/png',
        'content-range': 'bytes 0-2/9',
        etag: '"x"',
        'set-cookie': 'no',
        server: 'no',
        location: 'no',
      });
      response.end('abc');
    });
    const { status, headers, body } = await way.exchange(
      { ...get, headers: { Range: 'bytes=0-2', 'If-Range': '"x"', cookie: 'no', authorization: 'no', 'content-length': '5' } },
      contextOf(),
    );
    expect([status, await text(body)]).toEqual([206, 'abc']);
    expect(headers).toEqual({ 'content-type': 'image/png', 'content-range': 'bytes 0-2/9', etag: '"x"' });
    const asked = way.server.asked[0]!;
    expect([asked.method, asked.url]).toEqual(['GET', get.path]);
    expect(asked.headers).toMatchObject({
      range: 'bytes=0-2',
      'if-range': '"x"',
      authorization: `Bearer ${token}`,
      'x-request-id': 'a-request',
      traceparent: '00-a-b-01',
    });
    expect(asked.headers).not.toHaveProperty('cookie');
    expect(asked.headers).not.toHaveProperty('content-length');
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 succeeded']);
    expect(way.judged.landed.mock.calls).toEqual([[1, 0, 0]]);
    expect(way.metrics.landed).toHaveBeenCalledExactlyOnceWith('ok', expect.any(Number));
  });

  it.each([
    [304, 'GET'],
    [204, 'DELETE'],
    [200, 'HEAD'],
  ] as const)('that are none, as with %i for %s, are waited for by nobody', async (status, method) => {
    const way = await wayWith((_, response) => void response.writeHead(status, { etag: '"x"' }).end());
    const answer = await way.exchange({ ...get, method }, contextOf());
    expect([answer.status, answer.headers['etag']]).toEqual([status, '"x"']);
    await nothingIsLeft(way);
    expect((await buffer(answer.body)).length).toBe(0);
  });

  it('flow no faster than they are taken', async () => {
    let written = 0;
    const piece = Buffer.alloc(65_536);
    const way = await wayWith((_, response) => {
      const more = () => {
        while (written < 64 * 1_048_576 && !response.destroyed) {
          written += piece.length;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const { body } = await way.exchange(get, contextOf());
    const seen = new Set<number>();
    await expect.poll(() => seen.size === seen.add(written).size, { interval: 50 }).toBe(true);
    expect(written).toBeLessThan(16 * 1_048_576);
    let length = 0;
    for await (const part of body) length += (part as Buffer).length;
    expect(length).toBe(64 * 1_048_576);
    await nothingIsLeft(way);
  });

  it('that nobody wants any more are not sent on', async () => {
    const hungUp = Promise.withResolvers<void>();
    const way = await wayWith((_, response) => {
      response.on('close', () => hungUp.resolve());
      response.writeHead(200).write('abc');
    });
    const { body } = await way.exchange(get, contextOf());
    body.destroy();
    await hungUp.promise;
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 left']);
  });

  it('end with the request that they are for', async () => {
    const hungUp = Promise.withResolvers<void>();
    const way = await wayWith((_, response) => {
      response.on('close', () => hungUp.resolve());
      response.writeHead(200).write('abc');
    });
    const ending = new Ending();
    const { body } = await way.exchange(get, contextOf({ ending }));
    const read = text(body);
    ending.end('gone');
    await expect(read).rejects.toEqual(goneAway);
    await hungUp.promise;
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 left']);
    expect(way.judged.landed.mock.calls).toEqual([[1, 0, 0]]);
  });

  it('that break off fail as the service, not as an end', async () => {
    const way = await wayWith((request, response) => {
      response.writeHead(200, { 'content-length': '9' }).write('abc', () => request.socket.destroy());
    });
    const { body } = await way.exchange(get, contextOf());
    const error = await text(body).catch((error: unknown) => error);
    expect(error).toEqual(away);
    expect(printed(error)).not.toContain(token);
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 failed']);
    expect(way.judged.landed.mock.calls).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });

  it('that stand still fail, however much time there is', async () => {
    const way = await wayWith((_, response) => void response.writeHead(200).write('abc'), { serviceIdleMs: 50 });
    const { body } = await way.exchange(get, contextOf({ timeoutMs: 60_000 }));
    await expect(text(body)).rejects.toEqual(failing({ dependency: 'media', reason: 'timeout' }));
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 failed']);
  });

  it('that nobody takes are let go', async () => {
    const way = await wayWith((_, response) => void response.writeHead(200).write('abc'), { clientIdleMs: 50 });
    await way.exchange(get, contextOf());
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 left']);
  });

  it('outlast the deadline, once they flow', async () => {
    const rest = Promise.withResolvers<void>();
    const way = await wayWith(
      (_, response) => {
        response.writeHead(200).write('abc');
        void rest.promise.then(() => response.end('def'));
      },
      { deadlineMs: 2_000 },
    );
    const context = contextOf({ timeoutMs: 2_100 });
    const { body } = await way.exchange(get, context);
    await expect.poll(() => context.remainingMs(), { interval: 10, timeout: 10_000 }).toBe(0);
    rest.resolve();
    expect(await text(body)).toBe('abcdef');
  });
});

describe('bytes for a service', () => {
  it('arrive as they are, with their length and type', async () => {
    const got = Promise.withResolvers<Buffer>();
    const way = await wayWith((request, response) => {
      got.resolve(buffer(request));
      void got.promise.then(() => json(response, { attachment: { id: 'a1' } }, 201));
    });
    const sent = Buffer.alloc(3_000_000, 'x');
    const answer = await way.exchange(
      {
        ...post,
        headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': String(sent.length) },
        body: Readable.from([sent.subarray(0, 9), sent.subarray(9)]),
      },
      contextOf(),
    );
    expect([answer.status, (await got.promise).equals(sent)]).toEqual([201, true]);
    expect(way.server.asked[0]!.headers).toMatchObject({ 'content-type': 'multipart/form-data; boundary=x', 'content-length': '3000000' });
    expect(await readAnswer('media', GetAttachmentResponse, answer)).toMatchObject({ attachment: { id: 'a1' } });
    await nothingIsLeft(way);
  });

  it('are taken no faster than the service takes them', async () => {
    const go = Promise.withResolvers<void>();
    const way = await wayWith((request, response) => {
      void go.promise.then(() => request.resume().on('end', () => json(response, {})));
    });
    let given = 0;
    const body = Readable.from(
      (async function* () {
        for (; given < 64 * 1_048_576; given += 65_536) yield Buffer.alloc(65_536);
      })(),
      { objectMode: false, highWaterMark: 65_536 },
    );
    const answered = way.exchange({ ...post, body }, contextOf({ timeoutMs: 30_000 }));
    let before = -1;
    const stands = () => given > 0 && before === (before = given);
    await expect.poll(stands, { interval: 50 }).toBe(true);
    expect(given).toBeLessThan(16 * 1_048_576);
    go.resolve();
    expect((await answered).status).toBe(200);
  });

  it('that break off are cut off at the service too, and blame nobody', async () => {
    const cut = Promise.withResolvers<void>();
    const way = await wayWith((request) => void request.resume().on('aborted', () => cut.resolve()));
    const body = new PassThrough();
    const answered = way.exchange({ ...post, body }, contextOf());
    body.write('abc');
    await expect.poll(() => way.server.asked.length, { interval: 5 }).toBe(1);
    body.destroy(new Error('the client went away'));
    await expect(answered).rejects.toEqual(goneAway);
    await cut.promise;
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 left']);
    expect(way.judged.landed).not.toHaveBeenCalled();
  });

  it.each([
    ['the client sends nothing more', { clientIdleMs: 50 }, { code: 'client-closed-request' }, 'left'],
    ['the service takes nothing more', { serviceIdleMs: 50 }, { reason: 'timeout' }, 'failed'],
  ] as const)('that stand still, as %s, fail', async (why, special, error, landing) => {
    const way = await wayWith(() => {}, special);
    const body = why.startsWith('the client')
      ? new PassThrough()
      : Readable.from(Array.from({ length: 1_000 }, () => Buffer.alloc(65_536)));
    await expect(way.exchange({ ...post, body }, contextOf())).rejects.toEqual(failing(error));
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', `landed 1 ${landing}`]);
  });

  it('have the answer of a service that wants no more of them', async () => {
    const connections: (string | undefined)[] = [];
    const way = await wayWith(({ headers }, response) => {
      connections.push(headers.connection);
      json(response, { code: 'payload-too-large', detail: 'At most 10 MB.' }, 413);
    });
    const body = new PassThrough();
    body.write('abc');
    await expect(way.exchange({ ...post, body }, contextOf())).rejects.toEqual(
      failing({ code: 'payload-too-large', detail: 'At most 10 MB.' }),
    );
    expect(body.destroyed).toBe(false);
    // A service that was told to close would do so with bytes unread, and the reset would eat its answer.
    expect(connections).toEqual(['keep-alive']);
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 succeeded']);
  });

  it('give the service the time for its answer that the exchange says, over the deadline', async () => {
    const way = await wayWith((request, response) => void request.resume().on('end', () => setTimeout(() => json(response, {}), 200)), {
      deadlineMs: 50,
    });
    const answer = await way.exchange({ ...post, answerMs: 5_000, body: Readable.from([Buffer.from('abc')]) }, contextOf());
    expect(answer.status).toBe(200);
    answer.body.destroy();
    await nothingIsLeft(way);
  });

  it('give the service its whole deadline once the last of them is sent', async () => {
    const way = await wayWith((request) => void request.resume(), { deadlineMs: 100 });
    const body = new PassThrough();
    const answered = way.exchange({ ...post, body }, contextOf());
    const rejected = expect(answered).rejects.toEqual(failing({ reason: 'timeout' }));
    body.write('abc');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(way.members[0]!.told).toEqual(['departed 1']);
    body.end();
    await rejected;
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 failed']);
  });
});

describe('an exchange that failed', () => {
  it('is tried again elsewhere, if it may be repeated', async () => {
    const [bad, good] = [
      await startServer((request) => void request.socket.destroy()),
      await startServer((_, response) => void response.end('abc')),
    ];
    const way = wayTo([bad, good]);
    const { body } = await way.exchange(get, contextOf());
    expect(await text(body)).toBe('abc');
    expect([bad.asked.length, good.asked.length]).toEqual([1, 1]);
    expect(way.members.map(({ told }) => told[1])).toEqual(['landed 1 failed', 'landed 1 succeeded']);
    expect(way.metrics.retried).toHaveBeenCalledExactlyOnceWith(1, 'taken');
  });

  it('is not tried again if it may not be repeated, or a byte of its body is gone', async () => {
    const drop: RequestListener = (request) => void request.once('data', () => request.socket.destroy());
    const way = await wayWith(drop);
    for (const repeatable of [false, true]) {
      const body = Readable.from([Buffer.alloc(100)]);
      await expect(way.exchange({ ...post, repeatable, body }, contextOf())).rejects.toEqual(away);
    }
    way.server.handle = (request) => void request.socket.destroy();
    await expect(way.exchange(post, contextOf())).rejects.toEqual(away);
    expect(way.server.asked.length).toBe(3);
    expect(way.metrics.retried).not.toHaveBeenCalled();
    await nothingIsLeft(way);
  });

  it('is tried again, body and all, where nobody was there', async () => {
    const gone = await startServer();
    await gone.stop();
    const good = await startServer((request, response) => void request.pipe(response));
    const way = wayTo([gone, good]);
    const { body } = await way.exchange({ ...post, body: Readable.from([Buffer.from('abc')]) }, contextOf());
    expect(await text(body)).toBe('abc');
    expect(way.members[0]).toMatchObject({ reachable: false, told: ['departed 1', 'landed 1 failed'] });
  });

  it('is tried no oftener than its policy and its budget let it', async () => {
    const way = await wayWith((request) => void request.socket.destroy());
    await expect(way.exchange(get, contextOf())).rejects.toEqual(away);
    expect(way.server.asked.length).toBe(3);
    way.budget.failed(100);
    vi.spyOn(way.breaker, 'admits').mockReturnValue(true);
    await expect(way.exchange(get, contextOf())).rejects.toEqual(away);
    expect([way.server.asked.length, way.metrics.retried.mock.lastCall]).toEqual([4, [1, 'refused']]);
    await nothingIsLeft(way);
  });

  it('waits as long as the service asks, and not beyond its deadline', async () => {
    const way = await wayWith((_, response) => json(response, { code: 'dependency-unavailable' }, 503, { 'retry-after': '9' }));
    await expect(way.exchange(get, contextOf())).rejects.toEqual(failing({ reason: 'unavailable', pushbackMs: 9_000 }));
    expect(way.server.asked.length).toBe(1);
  });

  it('ends its waiting with the request', async () => {
    const ending = new Ending();
    const way = await wayWith(
      (_, response) => {
        json(response, { code: 'dependency-unavailable' }, 503, { 'retry-after': '1' });
        response.on('finish', () => setTimeout(() => ending.end('gone'), 100));
      },
      { deadlineMs: 4_000 },
    );
    await expect(way.exchange(get, contextOf({ ending }))).rejects.toEqual(goneAway);
    expect(way.server.asked.length).toBe(1);
    await nothingIsLeft(way);
  });

  it('has the answer of the service where it refused', async () => {
    const way = await wayWith((_, response) => json(response, { code: 'not-found', detail: 'Gone.' }, 404));
    await expect(way.exchange(get, contextOf())).rejects.toEqual(failing({ name: 'ProblemError', code: 'not-found', detail: 'Gone.' }));
    expect([way.server.asked.length, way.judged.landed.mock.calls]).toEqual([1, [[1, 0, 0]]]);
  });

  it('for a range that is not there says how much there is', async () => {
    const way = await wayWith((_, response) =>
      json(response, { code: 'range-not-satisfiable', detail: 'There are 9 bytes.' }, 416, { 'content-range': 'bytes */9' }),
    );
    await expect(way.exchange(get, contextOf())).rejects.toEqual(
      failing({ code: 'range-not-satisfiable', detail: 'There are 9 bytes.', headers: { 'content-range': 'bytes */9' } }),
    );
  });

  it.each([
    ['sends elsewhere', 302],
    ['is somebody else', 404],
    ['is broken', 500],
  ])('has none where it %s', async (_, status) => {
    const way = await wayWith((_request, response) => void response.writeHead(status, { location: 'http://x/' }).end('x'));
    await expect(way.exchange(get, contextOf())).rejects.toEqual(failing({ dependency: 'media', reason: 'invalid' }));
  });

  it('for its time blames the service only where that had time', async () => {
    const way = await wayWith(() => {}, { deadlineMs: 10_000 });
    await expect(way.exchange(get, contextOf({ timeoutMs: 100 }))).rejects.toEqual(failing({ reason: 'timeout' }));
    expect([way.members[0]!.told[1], way.judged.left.mock.calls.length]).toEqual(['landed 1 left', 1]);
    const short = wayTo([way.server], { deadlineMs: 100 });
    await expect(short.exchange(get, contextOf())).rejects.toEqual(failing({ reason: 'timeout' }));
    expect(short.members[0]!.told[1]).toBe('landed 1 failed');
  });

  it('because nobody waits any more is ended at the service', async () => {
    const hungUp = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const way = await wayWith((_, response) => {
      response.on('close', () => hungUp.resolve());
      reached.resolve();
    });
    const ending = new Ending();
    const answered = way.exchange(get, contextOf({ ending }));
    await reached.promise;
    ending.end('gone');
    await expect(answered).rejects.toEqual(goneAway);
    await hungUp.promise;
    await nothingIsLeft(way);
    expect(way.members[0]!.told).toEqual(['departed 1', 'landed 1 left']);
  });
});

describe('an exchange that is refused reaches nobody:', () => {
  it('the breaker is open, or there is no room', async () => {
    const way = await wayWith((request) => void request.socket.destroy());
    await expect(way.exchange(get, contextOf())).rejects.toEqual(away);
    await expect(way.exchange(get, contextOf())).rejects.toEqual(failing({ reason: 'open' }));
    const full = wayTo([way.server]);
    vi.spyOn(full.bulkhead, 'depart').mockReturnValue(false);
    await expect(full.exchange(get, contextOf())).rejects.toEqual(failing({ reason: 'shed' }));
    vi.spyOn(full.bulkhead, 'enter').mockReturnValue(false);
    await expect(full.exchange(get, contextOf())).rejects.toEqual(failing({ reason: 'shed' }));
    expect([way.server.asked.length, full.members[0]!.told]).toEqual([3, []]);
    expect([way.metrics.refused.mock.calls, full.metrics.refused.mock.calls]).toEqual([[['open']], [['shed'], ['shed']]]);
  });

  it('its time is over, or its request', async () => {
    const way = await wayWith(() => {});
    const ending = new Ending();
    ending.end('gone');
    await expect(way.exchange(get, contextOf({ timeoutMs: 0 }))).rejects.toEqual(failing({ reason: 'timeout' }));
    await expect(way.exchange(get, contextOf({ ending }))).rejects.toEqual(goneAway);
    expect(way.server.asked).toEqual([]);
  });

  it.each([
    '/v1/../x',
    '/v1/%2e%2e/x',
    '//x/y',
    '//',
    '//service/x',
    '/v1#',
    '/v1/a b',
    '/v1\\x',
    '/v1#x',
    'v1',
    'http://x/',
    '/v1/\u0000',
    '/v1/é',
    '/v1/\r\nx: y',
  ])('its path is %j', async (path) => {
    const way = await wayWith(() => {});
    await expect(way.exchange({ ...get, path }, contextOf())).rejects.toEqual(failing({ code: 'invalid-request' }));
    expect([way.server.asked, way.members[0]!.told]).toEqual([[], []]);
  });

  it('there is no instance', async () => {
    const way = wayTo([]);
    await expect(way.exchange(get, contextOf())).rejects.toEqual(away);
    expect([way.bulkhead.rpcs, way.bulkhead.waiting]).toEqual([0, 0]);
  });
});
