import type { RequestContext } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { InjectDatabase } from '@facet/database';
import { BatchRpc, Rpc, type BatchContext, type BatchItem } from '@facet/service-kit';
import { Controller } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { Db } from '../store/tables.js';
import { countOnline } from './count-online.js';
import { heartbeat } from './heartbeat.js';
import { Heartbeat, OneRoom } from './requests.js';
import { setTyping } from './set-typing.js';

@Controller()
export class PresenceController {
  constructor(
    @InjectDatabase() private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  @BatchRpc(PresenceService, 'countOnline', OneRoom)
  countOnline(items: readonly BatchItem<OneRoom>[], context: BatchContext) {
    return countOnline(this.db, this.clock, items, context);
  }

  @Rpc(PresenceService, 'heartbeat', Heartbeat)
  heartbeat(request: Heartbeat, context: RequestContext) {
    return heartbeat(this.db, this.clock, request, context);
  }

  @Rpc(PresenceService, 'setTyping', OneRoom)
  setTyping(request: OneRoom, context: RequestContext) {
    return setTyping(this.db, this.clock, request, context);
  }
}
