import {
  AccessTokens,
  admit,
  AuthModule,
  ClientCertificates,
  InternalTokenMinter,
  proveCertificate,
  readAccessToken,
  recallOrVerify,
  scopesOf,
  type AuthenticationStep,
} from '@facet/auth';
import { metadataUrlOf, ProtectedResourceModule } from '@facet/edge';
import { RevocationsModule, type RevocationsOptions } from '@facet/events/revocations';
import { ThrottlingGuard, ThrottlingModule } from '@facet/throttling';
import type { DynamicModule } from '@nestjs/common';
import { ContentLinkGuard } from './attachment/content-link.guard.js';
import { ContentLinksModule } from './attachment/content-links.module.js';
import type { Config } from './config.js';
import { KeyUses } from './keys/key-uses.js';
import { KeysModule } from './keys/keys.module.js';
import { KnownKeys } from './keys/known-keys.js';
import { recallOrAskForKey, refuseCredentialInUrl } from './keys/steps.js';

interface Knowing {
  readonly tokens: AccessTokens;
  readonly certificates: ClientCertificates;
  readonly keys: KnownKeys;
  readonly uses: KeyUses;
}

/** How we find out who is calling, in this order. */
export const authentication = ({ tokens, certificates, keys, uses }: Knowing): readonly AuthenticationStep[] => [
  refuseCredentialInUrl,
  readAccessToken,
  recallOrAskForKey(keys, uses),
  recallOrVerify(tokens),
  proveCertificate(certificates),
  admit,
];

/** What tests have in the place of what the configuration says. */
export interface Instead {
  readonly events?: RevocationsOptions['instead'];
}

/** What that takes, and what clients are told of it. */
export function authenticationModules(config: Config, { events }: Instead): DynamicModule[] {
  const { ISSUER_URL: issuer, PUBLIC_URL: publicUrl, CLIENT_CERT_PROXIES } = config;
  const certificates = new ClientCertificates(CLIENT_CERT_PROXIES);
  return [
    AuthModule.forRoot({
      issuer,
      audience: 'partner-bff',
      steps: (tokens: AccessTokens, keys: KnownKeys, uses: KeyUses) => authentication({ tokens, certificates, keys, uses }),
      inject: [KnownKeys, KeyUses],
      between: [ContentLinkGuard, ThrottlingGuard],
      challenges: { resourceMetadata: metadataUrlOf(publicUrl) },
      imports: [ThrottlingModule.forRoot(), ContentLinksModule.forRoot(config.INTERNAL_ROOT_KEY), KeysModule.forRoot(config)],
    }),
    RevocationsModule.forRoot({ service: 'partner-bff', config, tell: [AccessTokens, InternalTokenMinter], instead: events }),
    ProtectedResourceModule.forRoot({
      publicUrl,
      name: 'Facet for partners',
      issuer,
      scopes: scopesOf(['admin']),
      certificates: config.PARTNER_TLS_PORT !== undefined || CLIENT_CERT_PROXIES.length > 0,
    }),
  ];
}
