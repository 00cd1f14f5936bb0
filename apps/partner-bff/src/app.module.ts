import { AccessTokens, AuthModule, ClientCertificates, InternalTokenMinter, scopesOf } from '@facet/auth';
import { DownstreamModule } from '@facet/downstream';
import { Cursors, metadataUrlOf, ProtectedResourceModule } from '@facet/edge';
import { RevocationsModule, type RevocationsOptions } from '@facet/events/revocations';
import { ThrottlingGuard, ThrottlingModule } from '@facet/throttling';
import { Module, type DynamicModule } from '@nestjs/common';
import { AttachmentController } from './attachment/attachment.controller.js';
import { ContentLinkGuard } from './attachment/content-link.guard.js';
import { ContentLinksModule } from './attachment/content-links.module.js';
import { authentication } from './authentication.js';
import type { Config } from './config.js';
import { clientsOf, Downstream } from './downstream.js';
import { KeyUses } from './keys/key-uses.js';
import { KeysModule } from './keys/keys.module.js';
import { KnownKeys } from './keys/known-keys.js';
import { MemberController } from './member/member.controller.js';
import { MessageController } from './message/message.controller.js';
import { PagedLists } from './paging/paged-list.js';
import { RoomController } from './room/room.controller.js';
import { UserController } from './user/user.controller.js';

@Module({ controllers: [UserController, RoomController, MemberController, MessageController, AttachmentController] })
export class AppModule {
  /** `events` in tests: others than the configured ones. */
  static forRoot(config: Config, { events }: { events?: RevocationsOptions['instead'] } = {}): DynamicModule {
    const { ISSUER_URL, INTERNAL_ROOT_KEY, PUBLIC_URL: publicUrl } = config;
    const resource = { publicUrl, name: 'Facet for partners', issuer: ISSUER_URL, scopes: scopesOf(['admin']) };
    const certificates = new ClientCertificates(config.CLIENT_CERT_PROXIES);
    return {
      module: AppModule,
      imports: [
        AuthModule.forRoot({
          issuer: ISSUER_URL,
          audience: 'partner-bff',
          steps: (tokens: AccessTokens, keys: KnownKeys, uses: KeyUses) => authentication({ tokens, certificates, keys, uses }),
          inject: [KnownKeys, KeyUses],
          between: [ContentLinkGuard, ThrottlingGuard],
          challenges: { resourceMetadata: metadataUrlOf(publicUrl) },
          imports: [ThrottlingModule.forRoot(), ContentLinksModule.forRoot(INTERNAL_ROOT_KEY), KeysModule.forRoot(config)],
        }),
        DownstreamModule.forRoot({
          token: Downstream,
          issuer: 'partner-bff',
          rootKey: INTERNAL_ROOT_KEY,
          tls: config,
          clients: clientsOf(config),
        }),
        ProtectedResourceModule.forRoot({ ...resource, certificates: takesCertificates(config) }),
        RevocationsModule.forRoot({ service: 'partner-bff', config, tell: [AccessTokens, InternalTokenMinter], instead: events }),
      ],
      providers: [{ provide: PagedLists, useValue: new PagedLists(new Cursors(INTERNAL_ROOT_KEY)) }],
    };
  }
}

function takesCertificates({ PARTNER_TLS_PORT, CLIENT_CERT_PROXIES }: Config): boolean {
  return PARTNER_TLS_PORT !== undefined || CLIENT_CERT_PROXIES.length > 0;
}
