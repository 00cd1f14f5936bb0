import { GetAttachmentResponse } from '@facet/contracts/media';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../src/http-answer.js';
import { contextOf } from './http-server.fixtures.js';
import { away, failing, get, nothingIsLeft, wayWith } from './http-way.fixtures.js';

describe('an answer in JSON', () => {
  it.each([
    ['of another type', { 'content-type': 'text/html' }, '{}'],
    ['that is garbage', { 'content-type': 'application/json' }, '{"attachment":5}'],
    ['that is too long', { 'content-type': 'application/json' }, Buffer.alloc(8_388_609, ' ')],
  ])('%s is no usable one', async (_, headers, body) => {
    const way = await wayWith((_request, response) => void response.writeHead(200, headers).end(body));
    const answer = await way.exchange(get, contextOf());
    await expect(readAnswer('media', GetAttachmentResponse, answer)).rejects.toEqual(failing({ dependency: 'media', reason: 'invalid' }));
    await nothingIsLeft(way);
  });

  it('that breaks off fails as it would have otherwise', async () => {
    const way = await wayWith((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '9' }).write('{', () => request.socket.destroy());
    });
    await expect(readAnswer('media', GetAttachmentResponse, await way.exchange(get, contextOf()))).rejects.toEqual(away);
  });
});
