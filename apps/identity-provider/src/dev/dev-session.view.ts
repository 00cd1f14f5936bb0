import { z } from 'zod';

export const DevSession = z.object({ user: z.string().meta({ description: 'Username, such as `alice`' }) });
export type DevSession = z.infer<typeof DevSession>;

export const OpenedDevSession = z.object({ refresh_token: z.string() });
