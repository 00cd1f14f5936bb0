import type { ClientCertificates } from '@facet/auth';
import type Provider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import type { Config } from '../config.js';

type Settings = Pick<Config, 'ISSUER_URL'> & Partial<Pick<Config, 'PARTNER_TLS_URL' | 'PARTNER_TLS_PORT'>>;

/** Where partners with a certificate reach us: at the listener of their own, or at the proxy that ends TLS for it; nowhere where there is none. */
export function partnerUrlOf({ PARTNER_TLS_URL: told, PARTNER_TLS_PORT: port, ISSUER_URL: issuer }: Settings): string | undefined {
  return told ?? (port === undefined ? undefined : `https://${new URL(issuer).hostname}:${port}`);
}

/** Tokens of clients that are registered so are bound to the certificate that they show (RFC 8705, section 3). Who signed it is not asked. */
export function certificateBinding(certificates: ClientCertificates): NonNullable<NonNullable<Configuration['features']>['mTLS']> {
  return { enabled: true, certificateBoundAccessTokens: true, getCertificate: ({ req }) => certificates.of(req) };
}

/** RFC 8705, section 5: where clients go with their certificates. Anywhere else a browser would ask people for one. */
export function endpointAliases(partnerUrl: string | undefined): NonNullable<Configuration['discovery']> {
  if (partnerUrl === undefined) return {};
  const aliases = {
    token_endpoint: `${partnerUrl}/token`,
    revocation_endpoint: `${partnerUrl}/token/revocation`,
    pushed_authorization_request_endpoint: `${partnerUrl}/request`,
  };
  return { mtls_endpoint_aliases: aliases };
}

/** Where nobody can show a certificate, discovery does not say that tokens are bound to any. A client that is registered so gets none. */
export function tellOfBinding(provider: Provider, partnerUrl: string | undefined): void {
  if (partnerUrl !== undefined) return;
  provider.use(async (context, next) => {
    await next();
    const { oidc, body } = context as KoaContextWithOIDC;
    if (oidc?.route === 'discovery') delete (body as Record<string, unknown>).tls_client_certificate_bound_access_tokens;
  });
}
