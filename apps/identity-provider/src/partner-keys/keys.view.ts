import { uuid } from '@facet/edge';
import { z } from 'zod';

/** `facet.keys.v1.KeysService`, in proto3 JSON. */
export const KeyQuestion = z.object({ key: z.string().max(200) });
export type KeyQuestion = z.infer<typeof KeyQuestion>;

export const KeyVerdict = z.object({
  key: z
    .object({
      id: z.string(),
      clientId: z.string(),
      subject: z.string(),
      roles: z.array(z.string()),
      scopes: z.array(z.string()),
      networks: z.array(z.string()),
      expiresAt: z.iso.datetime(),
    })
    .optional(),
  asOf: z.iso.datetime(),
});
export type KeyVerdict = z.infer<typeof KeyVerdict>;

export const KeyUses = z.object({
  uses: z
    .array(z.object({ keyId: uuid, usedAt: z.iso.datetime() }))
    .max(1_000)
    .default([]),
});
export type KeyUses = z.infer<typeof KeyUses>;
