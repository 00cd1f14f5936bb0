import { z } from 'zod';

/** A private key as a JWK of P-256, in JSON. */
const Jwk = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string().optional(),
});

export const clientKey = z.string().transform((text, context): z.infer<typeof Jwk> => {
  const parsed = Jwk.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: 'must be a private key of P-256 as a JWK in JSON' });
  return z.NEVER;
});

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
