import { z } from 'zod';

export const DevTokenRequest = z.object({
  user: z.string().meta({ description: 'Username, such as `alice`' }),
  client: z.string().meta({ description: '`mobile-app`, `web-app` or a partner; decides the audience' }),
  scope: z.string().optional().meta({ description: 'Space-separated; all that the role allows unless told' }),
});
export type DevTokenRequest = z.infer<typeof DevTokenRequest>;

export const DevToken = z.object({ access_token: z.string(), expires_in: z.number().int() });
export type DevToken = z.infer<typeof DevToken>;
