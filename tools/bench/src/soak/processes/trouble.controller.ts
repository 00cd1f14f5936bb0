import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomOrder } from '@facet/contracts/rooms';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { ProblemError } from '@facet/errors';
import { BatchRpc, id, Rpc, type BatchContext, type BatchItem } from '@facet/service-kit';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Trouble } from './trouble.js';

const OneRoom = z.object({ roomId: id });

/** Answers as the trouble has it. */
@Controller()
export class TroubleController {
  constructor(private readonly trouble: Trouble) {}

  @BatchRpc(PresenceService, 'countOnline', OneRoom)
  countOnline(items: readonly unknown[], context: BatchContext) {
    return this.trouble.answer(items, context, { count: 1 });
  }

  @BatchRpc(RoomsService, 'listRooms', z.object({ memberId: id, order: z.enum(RoomOrder) }))
  listRooms(items: readonly unknown[], context: BatchContext) {
    return this.trouble.answer(items, context, { rooms: [], more: false });
  }

  @BatchRpc(RoomsService, 'getRoom', OneRoom)
  async getRoom(items: readonly BatchItem<unknown>[]) {
    return items.map(() => new ProblemError('not-found'));
  }

  @Rpc(PresenceService, 'setTyping', OneRoom)
  setTyping(): never {
    throw new ProblemError('not-found');
  }

  @Rpc(PresenceService, 'heartbeat', z.object({}))
  heartbeat(): never {
    throw new ProblemError('not-found');
  }
}
