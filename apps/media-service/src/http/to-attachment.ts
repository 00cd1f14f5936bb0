import type { Attachment as WireAttachment } from '@facet/contracts/media';
import type { Attachment } from '../store/tables.js';

export function toAttachment({ id, owner_id, name, type, size, width, height, thumbnails, created_at }: Attachment): WireAttachment {
  return {
    id,
    ownerId: owner_id,
    name,
    type,
    size,
    width: width ?? undefined,
    height: height ?? undefined,
    thumbnails,
    createdAt: created_at,
  };
}
