import { z } from 'zod';

export const DevSession = z.object({ user: z.string().min(1).max(100).meta({ description: 'Username, such as `alice`' }) });
export type DevSession = z.infer<typeof DevSession>;
