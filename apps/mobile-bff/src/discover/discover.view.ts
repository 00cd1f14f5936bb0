import { z } from 'zod';

export const DiscoverQuery = z.object({ before: z.string().max(200).optional() });
export type DiscoverQuery = z.infer<typeof DiscoverQuery>;

export const Discover = z.object({
  rooms: z.array(z.object({ id: z.uuid(), name: z.string(), topic: z.string().nullable(), members: z.int() })),
  next: z.string().nullable().meta({ description: 'Goes on with older rooms, as `before`. Null at the end.' }),
});
export type Discover = z.infer<typeof Discover>;
