import { Readable } from 'node:stream';
import { Attachment as StoredAttachment } from '@facet/contracts/media';
import { anAttachment, contextOf, idOf, userIds } from '@facet/testing';
import { describe, expect, it, vi } from 'vitest';
import { downstreamOf, links } from '../../test/downstream.fixtures.js';
import type { Downstream } from '../downstream.js';
import { createAttachments, deleteAttachment, getAttachment } from './attachments.js';

type Exchange = Downstream['media']['exchange'];
const at = new Date('2026-11-01T12:00:00.000Z');
const stored = (differs: Partial<StoredAttachment> = {}) =>
  StoredAttachment.fromPartial({ ...anAttachment(), ownerId: userIds.bob, createdAt: at, ...differs });
const { id } = stored();
const self = `/api/v1/attachments/${id}`;
const shown = {
  id,
  ownerId: userIds.bob,
  name: 'beach.png',
  type: 'image/png',
  size: 1_234,
  width: 1_024,
  height: 768,
  createdAt: at,
  links: { self, content: links.make(id, contextOf().caller) },
};
const upload = { headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '3' }, body: Readable.from(['abc']) };

describe('an attachment', () => {
  it('has exactly what was promised', async () => {
    const get = vi.fn(async () => ({ attachment: stored() }));
    const downstream = downstreamOf({ media: { getAttachment: get } });
    expect(await getAttachment(downstream, links, { attachmentId: id }, contextOf())).toEqual(shown);
    expect(get).toHaveBeenCalledWith({ id }, expect.anything());
  });

  it('that is no image has no measures', async () => {
    const getAttachmentFake = async () => ({
      attachment: stored({ type: 'text/plain', width: undefined, height: undefined, thumbnails: [] }),
    });
    const downstream = downstreamOf({ media: { getAttachment: getAttachmentFake } });
    expect(await getAttachment(downstream, links, { attachmentId: id }, contextOf())).toMatchObject({ width: null, height: null });
  });

  it('is taken back', async () => {
    const remove = vi.fn(async () => ({}));
    await deleteAttachment(downstreamOf({ media: { deleteAttachment: remove } }), { attachmentId: id }, contextOf());
    expect(remove).toHaveBeenCalledWith({ id }, expect.anything());
  });
});

describe('an upload', () => {
  const answering = (...attachments: StoredAttachment[]) =>
    vi.fn<Exchange>(async () => ({
      status: 201,
      headers: { 'content-type': 'application/json' },
      body: Readable.from([Buffer.from(JSON.stringify({ attachments: attachments.map((one) => StoredAttachment.toJSON(one)) }))]),
    }));

  it('of one file says where it is', async () => {
    const exchange = answering(stored());
    const answer = await createAttachments(downstreamOf({ media: { exchange } }), links, upload, contextOf());
    expect(answer).toMatchObject({ body: { data: [shown] }, headers: { location: self } });
    expect(exchange).toHaveBeenCalledWith(
      { method: 'POST', path: '/v1/attachments', ...upload, answerMs: 30_000, repeatable: false },
      expect.anything(),
    );
  });

  it('of several gives them in their order, and no place of all', async () => {
    const exchange = answering(stored({ id: idOf(902) }), stored({ id: idOf(901) }));
    const { body, headers } = await createAttachments(downstreamOf({ media: { exchange } }), links, upload, contextOf());
    expect(body.data.map(({ id }) => id)).toEqual([idOf(902), idOf(901)]);
    expect(headers).toEqual({});
  });
});
