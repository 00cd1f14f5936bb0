import { DownstreamModule } from '@facet/downstream';
import { Cursors } from '@facet/edge';
import { Module, type DynamicModule } from '@nestjs/common';
import { AttachmentController } from './attachment/attachment.controller.js';
import { authenticationModules, type Instead } from './authentication.js';
import type { Config } from './config.js';
import { clientsOf, Downstream } from './downstream.js';
import { MemberController } from './member/member.controller.js';
import { MessageController } from './message/message.controller.js';
import { PagedLists } from './paging/paged-list.js';
import { RoomController } from './room/room.controller.js';
import { UserController } from './user/user.controller.js';

@Module({ controllers: [UserController, RoomController, MemberController, MessageController, AttachmentController] })
export class AppModule {
  static forRoot(config: Config, instead: Instead = {}): DynamicModule {
    const rootKey = config.INTERNAL_ROOT_KEY;
    return {
      module: AppModule,
      imports: [
        ...authenticationModules(config, instead),
        DownstreamModule.forRoot({ token: Downstream, issuer: 'partner-bff', rootKey, tls: config, clients: clientsOf(config) }),
      ],
      providers: [{ provide: PagedLists, useValue: new PagedLists(new Cursors(rootKey)) }],
    };
  }
}
