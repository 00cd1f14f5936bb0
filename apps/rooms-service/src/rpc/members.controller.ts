import type { RequestContext } from '@facet/context';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { InjectDatabase } from '@facet/database';
import { BatchRpc, Rpc, type BatchContext, type BatchItem } from '@facet/service-kit';
import { Controller } from '@nestjs/common';
import type { Db } from '../store/tables.js';
import { addMember } from './add-member.js';
import { joinRoom } from './join-room.js';
import { leaveRoom } from './leave-room.js';
import { listMembers } from './list-members.js';
import { removeMember } from './remove-member.js';
import { ListMembers, OneMember, OneRoom } from './requests.js';

@Controller()
export class MembersController {
  constructor(@InjectDatabase() private readonly db: Db) {}

  @BatchRpc(RoomsService, 'listMembers', ListMembers)
  listMembers(items: readonly BatchItem<ListMembers>[], context: BatchContext) {
    return listMembers(this.db, items, context);
  }

  @Rpc(RoomsService, 'joinRoom', OneRoom)
  joinRoom(request: OneRoom, context: RequestContext) {
    return joinRoom(this.db, request, context);
  }

  @Rpc(RoomsService, 'leaveRoom', OneRoom)
  leaveRoom(request: OneRoom, context: RequestContext) {
    return leaveRoom(this.db, request, context);
  }

  @Rpc(RoomsService, 'addMember', OneMember)
  addMember(request: OneMember, context: RequestContext) {
    return addMember(this.db, request, context);
  }

  @Rpc(RoomsService, 'removeMember', OneMember)
  removeMember(request: OneMember, context: RequestContext) {
    return removeMember(this.db, request, context);
  }
}
