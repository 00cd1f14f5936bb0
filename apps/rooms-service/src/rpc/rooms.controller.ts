import type { RequestContext } from '@facet/context';
import { RoomsImportService, RoomsService } from '@facet/contracts/rooms/grpc';
import { InjectDatabase } from '@facet/database';
import { BatchRpc, Rpc, type BatchContext, type BatchItem } from '@facet/service-kit';
import { Controller } from '@nestjs/common';
import type { Db } from '../store/tables.js';
import { createRoom } from './create-room.js';
import { deleteRoom } from './delete-room.js';
import { getRooms } from './get-rooms.js';
import { importRooms } from './import-rooms.js';
import { listRooms } from './list-rooms.js';
import { CreateRoom, ImportRooms, ListRooms, OneRoom, UpdateRoom } from './requests.js';
import { updateRoom } from './update-room.js';

@Controller()
export class RoomsController {
  constructor(@InjectDatabase() private readonly db: Db) {}

  @BatchRpc(RoomsService, 'getRoom', OneRoom)
  getRooms(items: readonly BatchItem<OneRoom>[], context: BatchContext) {
    return getRooms(this.db, items, context);
  }

  @BatchRpc(RoomsService, 'listRooms', ListRooms)
  listRooms(items: readonly BatchItem<ListRooms>[], context: BatchContext) {
    return listRooms(this.db, items, context);
  }

  @Rpc(RoomsService, 'createRoom', CreateRoom)
  createRoom(request: CreateRoom, context: RequestContext) {
    return createRoom(this.db, request, context);
  }

  @Rpc(RoomsService, 'updateRoom', UpdateRoom)
  updateRoom(request: UpdateRoom, context: RequestContext) {
    return updateRoom(this.db, request, context);
  }

  @Rpc(RoomsService, 'deleteRoom', OneRoom)
  deleteRoom(request: OneRoom, context: RequestContext) {
    return deleteRoom(this.db, request, context);
  }

  @Rpc(RoomsImportService, 'importRooms', ImportRooms)
  importRooms(request: ImportRooms, context: RequestContext) {
    return importRooms(this.db, request, context);
  }
}
