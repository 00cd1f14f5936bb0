import { partnerKeyKind } from '@facet/auth';
import { text, uuid } from '@facet/edge';
import { z } from 'zod';

const username = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/);

const DemoAccount = z.strictObject({
  id: uuid,
  username,
  name: text(1, 100),
  email: z.email().optional(),
  role: z.enum(['guest', 'user', 'moderator', 'admin']),
  kind: z.enum(['person', 'bot']),
  openedAt: z.iso.datetime(),
});

export const DemoAccounts = z.object({
  accounts: z.array(DemoAccount).max(5_000),
  partner: z
    .strictObject({
      clientId: z.string().regex(/^[a-z0-9-]{1,64}$/),
      botId: uuid,
      secret: z.string().min(32).max(200),
      apiKey: z
        .string()
        .refine((key) => partnerKeyKind(key) === 'test', 'must be a key of development')
        .optional(),
      /** Who manages its keys. */
      admins: z.array(username).default([]),
    })
    .optional(),
});
export type DemoAccounts = z.infer<typeof DemoAccounts>;

export const OpenedAccounts = z.object({ created: z.number().int() });
export type OpenedAccounts = z.infer<typeof OpenedAccounts>;
