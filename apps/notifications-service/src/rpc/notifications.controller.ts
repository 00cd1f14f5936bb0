import type { RequestContext } from '@facet/context';
import { NotificationsImportService, NotificationsService } from '@facet/contracts/notifications/grpc';
import { InjectDatabase } from '@facet/database';
import { BatchRpc, Rpc, type BatchContext, type BatchItem } from '@facet/service-kit';
import { Controller } from '@nestjs/common';
import type { Db } from '../store/tables.js';
import { countUnread } from './count-unread.js';
import { importNotifications } from './import-notifications.js';
import { listNotifications } from './list-notifications.js';
import { markNotificationsRead } from './mark-notifications-read.js';
import { markRoomRead } from './mark-room-read.js';
import { CountUnread, ImportNotifications, ListNotifications, MarkNotificationsRead, MarkRoomRead } from './requests.js';

@Controller()
export class NotificationsController {
  constructor(@InjectDatabase() private readonly db: Db) {}

  @BatchRpc(NotificationsService, 'listNotifications', ListNotifications)
  listNotifications(items: readonly BatchItem<ListNotifications>[], context: BatchContext) {
    return listNotifications(this.db, items, context);
  }

  @BatchRpc(NotificationsService, 'countUnread', CountUnread)
  countUnread(items: readonly BatchItem<CountUnread>[], context: BatchContext) {
    return countUnread(this.db, items, context);
  }

  @Rpc(NotificationsService, 'markRoomRead', MarkRoomRead)
  markRoomRead(request: MarkRoomRead, context: RequestContext) {
    return markRoomRead(this.db, request, context);
  }

  @Rpc(NotificationsService, 'markNotificationsRead', MarkNotificationsRead)
  markNotificationsRead(request: MarkNotificationsRead, context: RequestContext) {
    return markNotificationsRead(this.db, request, context);
  }

  @Rpc(NotificationsImportService, 'importNotifications', ImportNotifications)
  importNotifications(request: ImportNotifications, context: RequestContext) {
    return importNotifications(this.db, request, context);
  }
}
