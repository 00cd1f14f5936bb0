import type { RequestContext } from '@facet/context';
import { ListAttachmentsResponse, type Attachment } from '@facet/contracts/media';
import { readAnswer, type Exchange } from '@facet/downstream';
import type { Upload } from '@facet/edge';

/** Media: media-service, as bytes are exchanged with it. */
export interface Media {
  readonly exchange: Exchange;
}

/** Pictures are looked at and made smaller one after the other. */
const answerMs = 30_000;

/** uploadAttachments: files go through to media-service as they come, once; it says what they are. They are the caller's alone until they are posted. */
export async function uploadAttachments(media: Media, upload: Upload, context: RequestContext): Promise<readonly Attachment[]> {
  const answer = await media.exchange({ method: 'POST', path: '/v1/attachments', ...upload, answerMs, repeatable: false }, context);
  const { attachments } = await readAnswer('media', ListAttachmentsResponse, answer);
  return attachments;
}
