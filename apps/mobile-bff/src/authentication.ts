import {
  admit,
  AuthModule,
  DpopNonces,
  proveKey,
  readAccessToken,
  recallOrVerify,
  refusePlainTokens,
  scopesOf,
  type AccessTokens,
  type AuthenticationStep,
} from '@facet/auth';
import { metadataUrlOf, ProtectedResourceModule } from '@facet/edge';
import { SHARED_STATE, StateModule, type SharedState } from '@facet/state';
import { ThrottlingGuard, ThrottlingModule } from '@facet/throttling';
import type { DynamicModule } from '@nestjs/common';
import type { Config } from './config.js';

/** How we find out who is calling, in this order. */
export const authentication =
  ({ PUBLIC_URL, BEARER_CLIENTS, INTERNAL_ROOT_KEY }: Config) =>
  (tokens: AccessTokens, used: SharedState): readonly AuthenticationStep[] => [
    readAccessToken,
    recallOrVerify(tokens),
    proveKey({ used, nonces: new DpopNonces(INTERNAL_ROOT_KEY), publicUrl: PUBLIC_URL }),
    refusePlainTokens({ except: BEARER_CLIENTS }),
    admit,
  ];

/** What that takes, and what clients are told of it. `state` in tests: another than the configured one. */
export function authenticationModules(config: Config, state?: SharedState): DynamicModule[] {
  const { ISSUER_URL: issuer, PUBLIC_URL: publicUrl, BEARER_CLIENTS, REDIS_URL: redisUrl, DATABASE_URL: databaseUrl } = config;
  const plain = BEARER_CLIENTS.length > 0;
  return [
    StateModule.forRoot({ redisUrl, databaseUrl, schema: 'mobile_bff', application: 'mobile-bff' }, state),
    AuthModule.forRoot({
      issuer,
      audience: 'mobile-bff',
      steps: authentication(config),
      inject: [SHARED_STATE],
      between: [ThrottlingGuard],
      imports: [ThrottlingModule.forRoot()],
      challenges: { schemes: plain ? ['DPoP', 'Bearer'] : ['DPoP'], resourceMetadata: metadataUrlOf(publicUrl) },
    }),
    ProtectedResourceModule.forRoot({
      publicUrl,
      name: 'Facet for mobile',
      issuer,
      scopes: scopesOf(['admin']),
      dpop: plain ? 'accepted' : 'required',
    }),
  ];
}
