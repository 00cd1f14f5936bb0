import { hash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { FileStore } from '../src/files/file-store.js';
import { anImage } from './files.fixtures.js';
import { startWorld, type World } from './world.fixtures.js';

let world: World;
let id: string;
const bytes = Buffer.from(Array.from({ length: 10_000 }, (_, at) => 97 + (at % 26)));
const tag = `"${hash('sha256', bytes, 'base64url')}"`;

beforeAll(async () => {
  world = await startWorld();
  id = (await world.upload('carol', { bytes, name: 'a "b";\u00fc.txt' }))[0]!.id;
});

const read = (headers: Record<string, string> = {}, method = 'GET') => world.call('carol', `/${id}/content`, { method, headers });

it('all of it, with a strong tag, and words that keep browsers from doing anything with it', async () => {
  const response = await read();
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '10000',
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-disposition': `attachment; filename="a _b_;_.txt"; filename*=UTF-8''a%20%22b%22%3B%C3%BC.txt`,
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    etag: tag,
  });
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
});

it('only an image is shown within a page', async () => {
  const [image] = await world.upload('carol', { bytes: await anImage('png') });
  const response = await world.call('carol', `/${image!.id}/content`);
  expect(response.headers.get('content-disposition')).toMatch(/^inline; /);
});

describe('a part of it', () => {
  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=100-199', 100, 199],
    ['bytes=9990-', 9_990, 9_999],
    ['bytes=9990-20000', 9_990, 9_999],
    ['bytes=-5', 9_995, 9_999],
    ['bytes=-20000', 0, 9_999],
  ])('%s', async (range, first, last) => {
    const response = await read({ range });
    expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${first}-${last}/10000`]);
    expect(response.headers.get('content-length')).toBe(String(last - first + 1));
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes.subarray(first, last + 1));
  });

  it.each(['bytes=10000-', 'bytes=10000-10001', 'bytes=-0'])('that is not there: %s', async (range) => {
    const response = await read({ range });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */10000']);
    expect(await response.json()).toMatchObject({ code: 'range-not-satisfiable' });
  });

  it.each(['bytes=0-1,5-6', 'bytes=5-1', 'bytes=-', 'lines=1-2', 'bytes=a-b'])('that is none is all of it: %s', async (range) => {
    const response = await read({ range });
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '10000']);
    await response.body?.cancel();
  });

  it('is given only to who has the rest of these very bytes', async () => {
    const ofThese = await read({ range: 'bytes=0-9', 'if-range': tag });
    const ofOthers = await read({ range: 'bytes=0-9', 'if-range': '"other"' });
    expect([ofThese.status, ofOthers.status]).toEqual([206, 200]);
    await Promise.all([ofThese.body?.cancel(), ofOthers.body?.cancel()]);
  });
});

it('who has it already is told so', async () => {
  for (const known of [tag, `"x", ${tag}`, `W/${tag}`, '*']) {
    const response = await read({ 'if-none-match': known, range: 'bytes=0-1' });
    expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([304, tag, '']);
  }
});

it('HEAD says the same without the bytes', async () => {
  const response = await read({}, 'HEAD');
  expect([response.status, response.headers.get('content-length'), response.headers.get('etag'), await response.text()]).toEqual([
    200,
    '10000',
    tag,
    '',
  ]);
});

it('a reader who goes away holds no file', async () => {
  const response = await read();
  await response.body?.cancel();
  expect((await read()).status).toBe(200);
});

it('thumbnails have tags of their own', async () => {
  const [image] = await world.upload('carol', { bytes: await anImage('png', 700, 400) });
  const tags = await Promise.all(
    ['content', 'thumbnails/160', 'thumbnails/640'].map(async (path) =>
      (await world.call('carol', `/${image!.id}/${path}`)).headers.get('etag'),
    ),
  );
  expect(new Set(tags).size).toBe(3);
});

it('what is no id is refused, and what is none of ours is not there', async () => {
  expect((await world.call('carol', '/x/content')).status).toBe(400);
  expect((await world.call('carol', '/01900000-0000-7000-8000-0000000000ff/content')).status).toBe(404);
});

describe('a file that is not there', () => {
  const open = FileStore.prototype.read;

  it.each(['/content', '/thumbnails/160'])(
    'of an attachment that went while it was asked for: there is no such attachment (%s)',
    async (path) => {
      const [image] = await world.upload('carol', { bytes: await anImage('png', 200, 100) });
      vi.spyOn(FileStore.prototype, 'read').mockImplementationOnce(async function (this: FileStore, ...which) {
        await world.call('carol', `/${image!.id}`, { method: 'DELETE' });
        await world.cleanUp();
        return await open.apply(this, which);
      });
      const response = await world.call('carol', `/${image!.id}${path}`);
      expect([response.status, await response.json()]).toMatchObject([404, { code: 'not-found' }]);
    },
  );

  it('of one that is, is a fault of ours', async () => {
    const [text] = await world.upload('carol', { bytes });
    await rm(join(world.folder, 'files', text!.id.slice(-2), text!.id));
    const response = await world.call('carol', `/${text!.id}/content`);
    expect([response.status, await response.json()]).toMatchObject([500, { code: 'internal-error' }]);
  });
});
