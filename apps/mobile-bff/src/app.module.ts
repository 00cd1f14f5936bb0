import { DownstreamModule, LastGood } from '@facet/downstream';
import { Cursors } from '@facet/edge';
import { EndedRightsModule } from '@facet/events/ended-rights';
import { Module, type DynamicModule } from '@nestjs/common';
import { AttachmentController } from './attachment/attachment.controller.js';
import { authenticationModules, type Instead } from './authentication.js';
import type { Config } from './config.js';
import { DiscoverController } from './discover/discover.controller.js';
import { clientsOf, Downstream } from './downstream.js';
import { HomeController } from './home/home.controller.js';
import { MembershipController } from './membership/membership.controller.js';
import { MessageController } from './message/message.controller.js';
import { ReactionController } from './message/reaction.controller.js';
import { NotificationController } from './notification/notification.controller.js';
import { PresenceController } from './presence/presence.controller.js';
import { ProfileController } from './profile/profile.controller.js';
import { RoomController } from './room/room.controller.js';

const screens = [HomeController, RoomController, DiscoverController, ProfileController, NotificationController];
const commands = [MessageController, ReactionController, AttachmentController, MembershipController, PresenceController];

@Module({ controllers: [...screens, ...commands] })
export class AppModule {
  static forRoot(config: Config, instead: Instead = {}): DynamicModule {
    const rootKey = config.INTERNAL_ROOT_KEY;
    return {
      module: AppModule,
      imports: [
        ...authenticationModules(config, instead),
        DownstreamModule.forRoot({ token: Downstream, issuer: 'mobile-bff', rootKey, tls: config, clients: clientsOf(config) }),
        EndedRightsModule.forRoot({ service: 'mobile-bff', config, tell: LastGood, instead: instead.events }),
      ],
      providers: [{ provide: Cursors, useValue: new Cursors(rootKey) }],
    };
  }
}
