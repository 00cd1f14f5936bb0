import { json } from '@facet/config';
import { z } from 'zod';

/** A private key as a JWK of P-256, in JSON. */
export const clientKey = json(
  z.object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
    d: z.string(),
    kid: z.string().optional(),
  }),
  'must be a private key of P-256 as a JWK in JSON',
);
