import { Attachment, ListAttachmentsResponse } from '@facet/contracts/media';
import { userIds } from './callers.js';
import { anAttachment } from './entities.js';
import type { HttpFakeAnswer, HttpFakeHandlers } from './http-fake.js';

const picture = Buffer.from('not really a picture');
const attachment = Attachment.fromPartial({ ...anAttachment(), ownerId: userIds.alice, createdAt: new Date('2026-11-01T12:00:00.000Z') });
const bytes = (): HttpFakeAnswer => ({
  headers: { 'content-type': 'image/png', 'content-length': String(picture.length), etag: '"1"', 'accept-ranges': 'bytes' },
  body: picture,
});

/** mediaFake: what media-service answers, as handlers of an HttpFake: whatever is asked for is `anAttachment`, which belongs to alice. */
export const mediaFake: HttpFakeHandlers = {
  'POST /v1/attachments': () => ({ status: 201, body: ListAttachmentsResponse.toJSON({ attachments: [attachment] }) as object }),
  'GET /v1/attachments': () => ({ body: ListAttachmentsResponse.toJSON({ attachments: [attachment] }) as object }),
  'GET /v1/attachments/{id}': ({ path }) => ({ body: { attachment: Attachment.toJSON({ ...attachment, id: path['id'] ?? '' }) } }),
  'DELETE /v1/attachments/{id}': () => ({ status: 204 }),
  'GET /v1/attachments/{id}/content': bytes,
  'GET /v1/attachments/{id}/thumbnails/{width}': bytes,
};
