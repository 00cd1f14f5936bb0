import { Readable } from 'node:stream';
import { DownstreamError, ProblemError } from '@facet/errors';
import { contextOf, idOf } from '@facet/testing';
import { expect, it, vi } from 'vitest';
import { readContent, readThumbnail } from './pass-bytes.js';
import type { Media } from './upload-attachments.js';

const path = { attachmentId: idOf(900), width: '320' };
const wanted = { method: 'HEAD', headers: { range: 'bytes=0-1' } } as const;

it.each([
  ['content', readContent, 'content'],
  ['a thumbnail', readThumbnail, 'thumbnails/320'],
] as const)('%s is passed on with what media-service says of it, and may be asked for again', async (_, read, part) => {
  const headers = { 'content-type': 'image/png', 'content-range': 'bytes 0-1/9' };
  const body = Readable.from(['ab']);
  const exchange = vi.fn<Media['exchange']>(async () => ({ status: 206, headers, body }));
  const context = contextOf('alice');

  expect(await read({ exchange }, path, wanted, context)).toEqual({ status: 206, headers, body });
  const asked = { ...wanted, path: `/v1/attachments/${idOf(900)}/${part}`, repeatable: true };
  expect(exchange).toHaveBeenCalledWith(asked, context);
});

it.each([
  [new ProblemError('not-found'), 'not-found'],
  [new ProblemError('range-not-satisfiable'), 'range-not-satisfiable'],
  [new DownstreamError('media', 'timeout'), 'deadline-exceeded'],
])('what cannot be had is a problem: %s', async (failure, code) => {
  const read = readContent({ exchange: () => Promise.reject(failure) }, path, wanted, contextOf('alice'));
  await expect(read).rejects.toMatchObject({ code });
});
