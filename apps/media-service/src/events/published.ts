import { AttachmentRemoved, AttachmentUploaded } from '@facet/contracts/media';
import { event } from '@facet/events';
import type { Attachment } from '../store/tables.js';

export function attachmentUploaded({ id, owner_id, name, type, size, width, height, thumbnails, created_at }: Attachment) {
  return event(
    AttachmentUploaded,
    { key: id },
    {
      attachmentId: id,
      ownerId: owner_id,
      name,
      type,
      size,
      width: width ?? undefined,
      height: height ?? undefined,
      thumbnails,
      uploadedAt: created_at,
    },
  );
}

export function attachmentRemoved({ id, owner_id }: Pick<Attachment, 'id' | 'owner_id'>, removedAt: Date) {
  return event(AttachmentRemoved, { key: id }, { attachmentId: id, ownerId: owner_id, removedAt });
}
