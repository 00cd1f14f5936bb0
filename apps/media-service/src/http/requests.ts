import { id } from '@facet/service-kit';
import { z } from 'zod';

export const OneAttachment = z.object({ id });
export type OneAttachment = z.infer<typeof OneAttachment>;

export const SomeAttachments = z.object({ ids: z.array(id).min(1, 'must be at least 1').max(100, 'must be at most 100') });
export type SomeAttachments = z.infer<typeof SomeAttachments>;

export const OneThumbnail = z.object({
  id,
  width: z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'must be a width in pixels')
    .transform(Number),
});
export type OneThumbnail = z.infer<typeof OneThumbnail>;
