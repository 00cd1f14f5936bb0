import type { RequestContext } from '@facet/context';
import { MessagesImportService, MessagesService } from '@facet/contracts/messages/grpc';
import { InjectDatabase } from '@facet/database';
import { BatchRpc, Rpc, type BatchContext, type BatchItem } from '@facet/service-kit';
import { Controller } from '@nestjs/common';
import { Clock } from '../clock.js';
import type { Db } from '../store/tables.js';
import { deleteMessage } from './delete-message.js';
import { editMessage } from './edit-message.js';
import { getMessages } from './get-messages.js';
import { importMessages } from './import-messages.js';
import { listMessages } from './list-messages.js';
import { addReaction, removeReaction } from './react.js';
import { DeleteMessage, EditMessage, GetMessage, ImportMessages, ListMessages, React, SendMessage } from './requests.js';
import { sendMessage } from './send-message.js';

@Controller()
export class MessagesController {
  constructor(
    @InjectDatabase() private readonly db: Db,
    private readonly clock: Clock,
  ) {}

  @BatchRpc(MessagesService, 'getMessage', GetMessage)
  getMessages(items: readonly BatchItem<GetMessage>[], context: BatchContext) {
    return getMessages(this.db, items, context);
  }

  @BatchRpc(MessagesService, 'listMessages', ListMessages)
  listMessages(items: readonly BatchItem<ListMessages>[], context: BatchContext) {
    return listMessages(this.db, items, context);
  }

  @Rpc(MessagesService, 'sendMessage', SendMessage)
  sendMessage(request: SendMessage, context: RequestContext) {
    return sendMessage(this.db, this.clock, request, context);
  }

  @Rpc(MessagesService, 'editMessage', EditMessage)
  editMessage(request: EditMessage, context: RequestContext) {
    return editMessage(this.db, this.clock, request, context);
  }

  @Rpc(MessagesService, 'deleteMessage', DeleteMessage)
  deleteMessage(request: DeleteMessage, context: RequestContext) {
    return deleteMessage(this.db, this.clock, request, context);
  }

  @Rpc(MessagesService, 'addReaction', React)
  addReaction(request: React, context: RequestContext) {
    return addReaction(this.db, this.clock, request, context);
  }

  @Rpc(MessagesService, 'removeReaction', React)
  removeReaction(request: React, context: RequestContext) {
    return removeReaction(this.db, this.clock, request, context);
  }

  @Rpc(MessagesImportService, 'importMessages', ImportMessages)
  importMessages(request: ImportMessages, context: RequestContext) {
    return importMessages(this.db, request, context);
  }
}
