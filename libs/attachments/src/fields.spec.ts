import { idOf } from '@facet/testing';
import { uuid } from '@facet/edge';
import { describe, expect, it } from 'vitest';
import { AttachmentPath, ThumbnailPath, withAttachments } from './fields.js';

const Draft = withAttachments('text', { clientId: uuid });
const [clientId, file] = [idOf(7), idOf(900)];

describe('a new message', () => {
  it.each([
    ['words', { text: 'a' }],
    ['4,000 characters of four bytes each', { text: '🦄'.repeat(4_000) }],
    ['files alone', { text: '', attachmentIds: [file] }],
    ['ten files', { text: 'a', attachmentIds: Array.from({ length: 10 }, () => file) }],
  ])('has %s', (_, said) => {
    expect(Draft.parse({ clientId, ...said })).toEqual({ clientId, attachmentIds: [], ...said });
  });

  it.each([
    ['nothing', {}, undefined],
    ['neither words nor files', { text: '' }, ['text']],
    ['no words and an empty list', { text: '', attachmentIds: [] }, ['text']],
    ['4,001 characters', { text: 'x'.repeat(4_001) }, ['text']],
    ['eleven files', { text: 'a', attachmentIds: Array.from({ length: 11 }, () => file) }, ['attachmentIds']],
    ['a file that is no id', { text: 'a', attachmentIds: [file, '../x'] }, ['attachmentIds', 1]],
  ])('cannot have %s', (_, said, path) => {
    const { success, error } = Draft.safeParse({ clientId, ...said });
    expect(success).toBe(false);
    if (path) expect(error?.issues.map((issue) => issue.path)).toEqual([path]);
  });
});

it.each(['..', `${file}/..`, 'content', ''])('the path to an attachment is its id: not %j', (attachmentId) => {
  expect(AttachmentPath.safeParse({ attachmentId }).success).toBe(false);
});

it.each(['-1', '1e3', '..', '123456', '0', '0160', ''])('a thumbnail is known by its width: not %j', (width) => {
  expect(ThumbnailPath.safeParse({ attachmentId: file, width }).success).toBe(false);
});
