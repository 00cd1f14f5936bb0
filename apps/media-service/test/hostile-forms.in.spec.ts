import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { callerOf } from '@facet/testing';
import { aText } from './files.fixtures.js';
import { startWorld, type World } from './world.fixtures.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

async function expectNothingLeft() {
  await expect.poll(() => world.filesOnDisk()).toEqual([]);
  await expect.poll(() => world.rows()).toEqual({ attachments: [], uploads: 0, removed: 0 });
}

const type = 'multipart/form-data; boundary=edge';
const part = (headers: string, body = 'hello') => `--edge\r\n${headers}\r\n\r\n${body}\r\n`;
const file = 'content-disposition: form-data; name="f"; filename="a.txt"\r\ncontent-type: text/plain';
const end = '--edge--\r\n';

const corpus: [string, string, string, number, RegExp][] = [
  ['without a boundary', 'multipart/form-data', part(file) + end, 400, /names no boundary/],
  ['with an empty boundary', 'multipart/form-data; boundary=""', part(file) + end, 400, /names no boundary/],
  ['with a boundary of 71 characters', `multipart/form-data; boundary=${'x'.repeat(71)}`, part(file) + end, 400, /names no boundary/],
  [
    'with a boundary that is not in it',
    'multipart/form-data; boundary=other',
    part(file) + end,
    400,
    /does not begin with its boundary|ends before/,
  ],
  ['that is empty', type, '', 400, /ends before/],
  ['without a part', type, end, 400, /no file/],
  ['that ends within a part', type, '--edge\r\n' + file + '\r\n\r\nhel', 400, /ends before its last boundary/],
  ['that ends within the headers of a part', type, '--edge\r\ncontent-disp', 400, /ends before/],
  ['that ends within its last boundary', type, part(file) + '--edge-', 400, /ends before/],
  ['without its last boundary', type, part(file), 400, /ends before/],
  ['with something before its first boundary', type, 'x' + part(file) + end, 400, /begin with its boundary/],
  ['with something behind a boundary', type, `--edgex\r\n${file}\r\n\r\nhello\r\n${end}`, 400, /something else/],
  ['with a part without headers', type, `--edge\r\n\r\nhello\r\n${end}`, 400, /header that is none|ends before/],
  ['with a part that is a field', type, part('content-disposition: form-data; name="f"') + end, 400, /no file/],
  ['with a part of another disposition', type, part('content-disposition: attachment; filename="a"') + end, 400, /no file/],
  ['with a header that is none', type, part(`${file}\r\nnonsense`) + end, 400, /header that is none/],
  [
    'with a header that goes on in the next line',
    type,
    part('content-disposition: form-data;\r\n filename="a"') + end,
    400,
    /header that is none/,
  ],
  ['with a NUL in a name', type, part('content-disposition: form-data; name="f"; filename="a\0.txt"') + end, 400, /control characters/],
  [
    'with a NUL in an escaped name',
    type,
    part(`content-disposition: form-data; filename*=UTF-8''a%00.txt`) + end,
    422,
    /control characters/,
  ],
  ['with a name that is no UTF-8', type, part(`content-disposition: form-data; filename*=UTF-8''%ff`) + end, 400, /percent-encoded UTF-8/],
  ['with an encoded part', type, part(`${file}\r\ncontent-transfer-encoding: base64`) + end, 400, /is encoded/],
  ['with headers of 10 kB', type, part(`${file}\r\nx-more: ${'y'.repeat(10_000)}`) + end, 400, /headers of a part are too long/],
  ['of 10,000 tiny parts', type, part(file, 'a').repeat(10_000) + end, 413, /10 files/],
];

describe('a form is refused, and leaves nothing behind,', () => {
  it.each(corpus)('%s', async (_, contentType, body, status, why) => {
    const response = await world.sendRaw('carol', contentType, body);
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(((await response.json()) as { detail: string }).detail).toMatch(why);
    await expectNothingLeft();
  });

  it('that is none', async () => {
    for (const other of ['application/json', 'multipart/mixed; boundary=edge', 'text/plain']) {
      expect((await world.sendRaw('carol', other, part(file) + end)).status).toBe(415);
    }
  });

  it('that says it is too large, before any of it is read', async () => {
    const response = await world.sendRaw('carol', type, part(file, 'a'.repeat(4 * 1024 * 1024)) + end);
    expect(response.status).toBe(413);
    await expectNothingLeft();
  });

  it('that does not say how large it is, once it is too large', async () => {
    const chunk = new TextEncoder().encode('a'.repeat(100_000));
    const endless = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(`--edge\r\n${file}\r\n\r\n`)),
      pull: (controller) => controller.enqueue(chunk),
    });
    const response = await world.sendRaw('carol', type, endless as unknown as BodyInit, { duplex: 'half' } as RequestInit);
    expect(await response.json()).toMatchObject({ code: 'payload-too-large' });
    await expectNothingLeft();
  });

  it('whose client goes away in the middle', async () => {
    const { authorization } = await world.headersOf('carol');
    const socket = connect(world.port, '127.0.0.1');
    const head = [
      'POST /v1/attachments HTTP/1.1',
      'host: x',
      `authorization: ${authorization}`,
      `content-type: ${type}`,
      'content-length: 1000000',
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n--edge\r\n${file}\r\n\r\n${'a'.repeat(50_000)}`);
    await expect.poll(() => world.filesOnDisk()).toHaveLength(2);
    socket.destroy();
    await expectNothingLeft();
  });

  it('whose client goes away before it has sent anything', async () => {
    const { authorization } = await world.headersOf('carol');
    const head = [
      'POST /v1/attachments HTTP/1.1',
      'host: x',
      `authorization: ${authorization}`,
      `content-type: ${type}`,
      'content-length: 9',
    ];
    for (let times = 0; times < 20; times += 1) {
      const socket = connect(world.port, '127.0.0.1');
      await new Promise<void>((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n`, () => resolve()));
      socket.destroy();
    }
    await expectNothingLeft();
  });

  it('that does not come in time', async () => {
    const { authorization } = await world.headersOf('carol');
    const socket = connect(world.port, '127.0.0.1');
    const head = [
      'POST /v1/attachments HTTP/1.1',
      'host: x',
      'connection: close',
      `authorization: ${authorization}`,
      `content-type: ${type}`,
    ];
    socket.write(`${[...head, 'content-length: 1000000', 'request-timeout-ms: 300'].join('\r\n')}\r\n\r\n--edge\r\n${file}\r\n\r\nabc`);
    expect(await text(socket)).toContain('HTTP/1.1 504');
    await expectNothingLeft();
  });
});

describe('who may not upload', () => {
  it.each([
    ['a guest', 'gina' as const, 403, 'forbidden'],
    ['a token for reading', { ...callerOf('carol'), scopes: ['read:messages'] }, 403, 'insufficient-scope'],
  ])('%s', async (_, who, status, code) => {
    const response = await world.send(who, { bytes: aText });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
    await expectNothingLeft();
  });

  it('somebody without a token', async () => {
    const response = await fetch(`http://127.0.0.1:${world.port}/v1/attachments`, { method: 'POST', body: new FormData() });
    expect(response.status).toBe(401);
  });
});
