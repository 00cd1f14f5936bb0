import { refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { GetAttachmentResponse, ListAttachmentsResponse } from '@facet/contracts/media';
import type { Media } from '../media.js';
import { findOneVisible, findVisible } from './find-visible.js';
import type { OneAttachment, SomeAttachments } from './requests.js';
import { toAttachment } from './to-attachment.js';

export async function listAttachments({ db }: Media, { ids }: SomeAttachments, context: RequestContext): Promise<ListAttachmentsResponse> {
  refuseEarly(context.caller, 'attachment:read');
  const visible = new Map((await findVisible(db, ids, context)).map((row) => [row.id, row]));
  return { attachments: [...new Set(ids)].flatMap((id) => visible.get(id) ?? []).map(toAttachment) };
}

export async function getAttachment({ db }: Media, { id }: OneAttachment, context: RequestContext): Promise<GetAttachmentResponse> {
  refuseEarly(context.caller, 'attachment:read');
  return { attachment: toAttachment(await findOneVisible(db, id, 'attachment:read', context)) };
}
