import {
  AccessTokens,
  admit,
  AuthModule,
  DpopNonces,
  InternalTokenMinter,
  proveKey,
  readAccessToken,
  recallOrVerify,
  refusePlainTokens,
  scopesOf,
  type AuthenticationStep,
} from '@facet/auth';
import { LastGood } from '@facet/downstream';
import { metadataUrlOf, ProtectedResourceModule } from '@facet/edge';
import type { OtherEvents } from '@facet/events/ended-rights';
import { RevocationsModule } from '@facet/events/revocations';
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

/** What tests have in the place of what the configuration says. */
export interface Instead {
  readonly events?: OtherEvents;
  readonly state?: SharedState;
}

/** What that takes, and what clients are told of it. */
export function authenticationModules(config: Config, { events, state }: Instead): DynamicModule[] {
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
    RevocationsModule.forRoot({ service: 'mobile-bff', config, tell: [AccessTokens, InternalTokenMinter, LastGood], instead: events }),
    ProtectedResourceModule.forRoot({
      publicUrl,
      name: 'Facet for mobile',
      issuer,
      scopes: scopesOf(['admin']),
      dpop: plain ? 'accepted' : 'required',
    }),
  ];
}
