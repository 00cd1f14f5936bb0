import { ProblemError } from '@facet/errors';
import { aMessage, anAttachment, idOf, userIds, type HttpFakeAnswer, type HttpFakeRequest } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { files } from './services.fixtures.js';
import { startMobile, type Mobile } from './start-mobile.js';

let mobile: Mobile;
beforeAll(async () => void (mobile = await startMobile()));
beforeEach(() => mobile.reset());
afterAll(() => mobile.stop());

const messageWithFile = aMessage({ content: '', attachments: [anAttachment()] });
const attachment = `/v1/attachments/${idOf(900)}`;

it('files are uploaded as they come, for who sends them, and shown as messages show them', async () => {
  const asked: HttpFakeRequest[] = [];
  mobile.fakes.media.handlers = {
    'POST /v1/attachments': (request) => {
      asked.push(request);
      return { status: 201, body: { attachments: [anAttachment()] } };
    },
  };
  const { status, body } = await mobile.call('POST', '/v1/attachments', { body: files() });

  expect(status).toBe(201);
  const shown = { id: idOf(900), name: 'beach.png', type: 'image/png', size: 1_234, thumbnailUrl: `${attachment}/thumbnails/320` };
  expect(body).toEqual({ attachments: [shown] });
  expect(asked[0]!.caller.subject).toBe(userIds.alice);
  expect(asked[0]!.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(asked[0]!.body.toString()).toContain('filename="beach.png"');
});

it('files are refused in the words of the service', async () => {
  mobile.fakes.media.trouble = () => new ProblemError('file-refused', { detail: 'A file is no image.' });
  const { status, body } = await mobile.call('POST', '/v1/attachments', { body: files() });
  expect({ status, body }).toMatchObject({ status: 422, body: { code: 'file-refused', detail: 'A file is no image.' } });
});

it.each(['content', 'thumbnails/320'])('%s is passed on: whole, a range, its head, or that it is known', async (part) => {
  const asked: HttpFakeRequest[] = [];
  const answers: Record<string, HttpFakeAnswer> = {
    whole: { headers: { 'content-type': 'image/png', etag: '"a"', 'set-cookie': 'a=b', 'x-internal': 'secret' }, body: 'bytes' },
    range: { status: 206, headers: { 'content-range': 'bytes 1-2/5', 'content-length': '2' }, body: 'yt' },
    known: { status: 304, headers: { etag: '"a"' } },
  };
  const answer = (request: HttpFakeRequest) => {
    asked.push(request);
    return answers[request.headers.range ? 'range' : request.headers['if-none-match'] ? 'known' : 'whole']!;
  };
  const paths = ['content', 'thumbnails/{width}'].map((part) => `/v1/attachments/{id}/${part}`);
  mobile.fakes.media.handlers = Object.fromEntries(
    paths.flatMap((path) => [
      [`GET ${path}`, answer],
      [`HEAD ${path}`, answer],
    ]),
  );
  const path = `${attachment}/${part}`;

  const whole = await mobile.call('GET', path, { headers: { cookie: 'secret=1' } });
  expect(whole).toMatchObject({ status: 200, body: 'bytes' });
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'content-type': 'image/png',
    etag: '"a"',
    'cache-control': 'private, no-cache',
    vary: 'authorization',
    'x-content-type-options': 'nosniff',
  });
  expect([...whole.headers.keys()].filter((name) => /set-cookie|internal/.test(name))).toEqual([]);
  expect(asked[0]!.headers).not.toHaveProperty('cookie');

  expect(await mobile.call('GET', path, { headers: { range: 'bytes=1-2' } })).toMatchObject({ status: 206, body: 'yt' });
  expect(await mobile.call('GET', path, { headers: { 'if-none-match': '"a"' } })).toMatchObject({ status: 304, body: '' });
  const head = await mobile.call('HEAD', path);
  expect([head.status, head.body, head.headers.get('etag')]).toEqual([200, '', '"a"']);
});

it.each([
  ['not-found', 404],
  ['range-not-satisfiable', 416],
] as const)('bytes that cannot be had are a problem: %s', async (code, status) => {
  mobile.fakes.media.trouble = () => new ProblemError(code);
  expect(await mobile.call('GET', `${attachment}/content`, { headers: { range: 'bytes=9-' } })).toMatchObject({ status, body: { code } });
});

it('a message needs no text where it brings files', async () => {
  const asked: unknown[] = [];
  mobile.fakes.messages.handlers.sendMessage = (request) => {
    asked.push(request);
    return { message: { ...messageWithFile, roomId: request.roomId }, created: true };
  };
  const body = { text: '', clientId: idOf(7), attachmentIds: [idOf(900)] };
  expect(await mobile.call('POST', `/v1/rooms/${idOf(1)}/messages`, { body })).toMatchObject({
    status: 201,
    body: { text: '', attachments: [{ id: idOf(900) }] },
  });
  expect(asked).toMatchObject([{ content: '', attachmentIds: [idOf(900)] }]);
});
