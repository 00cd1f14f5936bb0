import { Readable } from 'node:stream';
import { DownstreamError, ProblemError } from '@facet/errors';
import { anAttachment, contextOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { uploadAttachments, type Media } from './upload-attachments.js';

const json = { 'content-type': 'application/json' };
const upload = { headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '3' }, body: Readable.from(['abc']) };
const answering = (answer: string) =>
  vi.fn<Media['exchange']>(async () => ({ status: 201, headers: json, body: Readable.from([Buffer.from(answer)]) }));

describe('an upload', () => {
  it('goes on to media-service as it comes, once, and comes to what that says of it', async () => {
    const stored = { ...anAttachment(), ownerId: userIds.alice, createdAt: '2026-11-01T12:00:00Z' };
    const exchange = answering(JSON.stringify({ attachments: [stored] }));
    const context = contextOf('alice');

    expect(await uploadAttachments({ exchange }, upload, context)).toEqual([{ ...stored, createdAt: new Date(stored.createdAt) }]);
    expect(exchange).toHaveBeenCalledWith(
      { method: 'POST', path: '/v1/attachments', ...upload, answerMs: 30_000, repeatable: false },
      context,
    );
  });

  it.each([
    [new ProblemError('file-refused'), 'file-refused'],
    [new ProblemError('payload-too-large'), 'payload-too-large'],
    [new DownstreamError('media', 'unavailable'), 'dependency-unavailable'],
    [new DownstreamError('media', 'timeout'), 'deadline-exceeded'],
  ])('is refused as media-service refuses it: %s', async (failure, code) => {
    const exchange = () => Promise.reject(failure);
    await expect(uploadAttachments({ exchange }, upload, contextOf('alice'))).rejects.toMatchObject({ code });
  });

  it.each(['', 'nonsense', '{"attachments":[{"size":"many"}]}'])('that is answered with garbage has failed: %s', async (answer) => {
    const failed = uploadAttachments({ exchange: answering(answer) }, upload, contextOf('alice'));
    await expect(failed).rejects.toMatchObject({ code: 'dependency-failed', dependency: 'media' });
  });
});
