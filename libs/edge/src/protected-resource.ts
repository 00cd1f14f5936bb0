import { dpopAlgorithms } from '@facet/auth';
import { z } from 'zod';

/** ResourceMetadata: what an API says of itself to who wants a token for it (RFC 9728, section 2). */
export const ResourceMetadata = z.object({
  resource: z.url(),
  resource_name: z.string(),
  authorization_servers: z.array(z.url()),
  scopes_supported: z.array(z.string()),
  bearer_methods_supported: z.array(z.literal('header')),
  resource_documentation: z.url().optional(),
  dpop_signing_alg_values_supported: z.array(z.string()).optional(),
  dpop_bound_access_tokens_required: z.boolean().optional(),
  tls_client_certificate_bound_access_tokens: z.boolean().optional(),
});
export type ResourceMetadata = z.infer<typeof ResourceMetadata>;

/** ProtectedResource: an API that takes access tokens. */
export interface ProtectedResource {
  /** Its origin, as clients know it. */
  readonly publicUrl: string;
  readonly name: string;
  readonly issuer: string;
  readonly scopes: readonly string[];
  /** Tokens that are bound to a key: whether they are taken (`accepted`), or nothing else is (`required`). */
  readonly dpop?: 'accepted' | 'required' | undefined;
  /** Tokens that are bound to a certificate are taken (RFC 8705). */
  readonly certificates?: boolean | undefined;
}

/** metadataPath: where the metadata of an API is, below its origin. */
export const metadataPath = '.well-known/oauth-protected-resource';

/** metadataUrlOf: where the metadata of an API is, as challenges name it. */
export function metadataUrlOf(publicUrl: string): string {
  return `${publicUrl.replace(/\/$/, '')}/${metadataPath}`;
}

/** metadataOf: what is read there. */
export function metadataOf({ publicUrl, name, issuer, scopes, dpop, certificates }: ProtectedResource): ResourceMetadata {
  return {
    resource: publicUrl,
    resource_name: name,
    authorization_servers: [issuer],
    scopes_supported: [...scopes],
    bearer_methods_supported: ['header'],
    resource_documentation: `${publicUrl.replace(/\/$/, '')}/docs`,
    ...(dpop && { dpop_signing_alg_values_supported: [...dpopAlgorithms], dpop_bound_access_tokens_required: dpop === 'required' }),
    ...(certificates && { tls_client_certificate_bound_access_tokens: true }),
  };
}
