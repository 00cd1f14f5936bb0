import { z } from 'zod';

export const LoginQuery = z.strictObject({
  returnTo: z.string().default('/').meta({ description: 'Where to go afterwards: a path of this site' }),
});
export const LogoutQuery = z.strictObject({
  sid: z.string().max(100).optional().meta({ description: 'As in the logoutUrl of /bff/user' }),
});

/** Who is signed in, and until when. Nothing of this lets anybody act. */
export const SignedIn = z.object({
  claims: z.object({
    sub: z.string(),
    roles: z.array(z.string()),
    permissions: z.array(z.string()),
    scopes: z.array(z.string()),
    acr: z.string().nullable(),
    amr: z.array(z.string()),
    authTime: z.string().nullable(),
  }),
  expiresAt: z.string().meta({ description: 'When the session ends if nobody uses it' }),
  logoutUrl: z.string(),
});
export type SignedIn = z.infer<typeof SignedIn>;
