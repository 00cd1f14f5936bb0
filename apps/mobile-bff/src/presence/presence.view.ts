import { z } from 'zod';

export const Presence = z.object({ status: z.enum(['online', 'away']) });
export type Presence = z.infer<typeof Presence>;
