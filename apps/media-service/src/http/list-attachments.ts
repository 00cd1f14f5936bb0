import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { GetAttachmentResponse, ListAttachmentsResponse } from '@facet/contracts/media';
import type { Media } from '../media.js';
import { findOneVisible, findVisible } from './find-visible.js';
import type { OneAttachment, SomeAttachments } from './requests.js';
import { toAttachment } from './to-attachment.js';

export async function listAttachments({ db }: Media, { ids }: SomeAttachments, context: RequestContext): Promise<ListAttachmentsResponse> {
  authorize(context.caller, 'message:read');
  const visible = new Map((await findVisible(db, ids, context)).map((row) => [row.id, row]));
  return { attachments: [...new Set(ids)].flatMap((id) => visible.get(id) ?? []).map(toAttachment) };
}

export async function getAttachment({ db }: Media, { id }: OneAttachment, context: RequestContext): Promise<GetAttachmentResponse> {
  authorize(context.caller, 'message:read');
  return { attachment: toAttachment(await findOneVisible(db, id, context)) };
}
