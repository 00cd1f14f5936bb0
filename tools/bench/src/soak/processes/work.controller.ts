import type { RequestContext } from '@facet/context';
import { PresenceService } from '@facet/contracts/presence/grpc';
import { RoomOrder } from '@facet/contracts/rooms';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { ProblemError } from '@facet/errors';
import { BatchRpc, id, Rpc, type BatchContext, type BatchItem } from '@facet/service-kit';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { Worker } from './worker.js';

const OneRoom = z.object({ roomId: id });
const OneMember = z.object({ memberId: id, order: z.enum(RoomOrder) });
type OneRoom = z.infer<typeof OneRoom>;
type OneMember = z.infer<typeof OneMember>;

/** The RPCs of the real contracts that the soak calls; each takes an id, which says what to do. */
@Controller()
export class WorkController {
  constructor(private readonly worker: Worker) {}

  @BatchRpc(PresenceService, 'countOnline', OneRoom)
  countOnline(items: readonly BatchItem<OneRoom>[], context: BatchContext) {
    return this.worker.serve(roomsOf(items), context, { count: 1 });
  }

  @BatchRpc(RoomsService, 'listRooms', OneMember)
  listRooms(items: readonly BatchItem<OneMember>[], context: BatchContext) {
    return this.worker.serve(
      items.map(({ request }) => request.memberId),
      context,
      { rooms: [], more: false },
    );
  }

  @BatchRpc(RoomsService, 'getRoom', OneRoom)
  getRoom(items: readonly BatchItem<OneRoom>[], context: BatchContext) {
    return this.worker.serve(roomsOf(items), context, { room: undefined });
  }

  @Rpc(PresenceService, 'setTyping', OneRoom)
  async setTyping({ roomId }: OneRoom, context: RequestContext) {
    const [answer] = await this.worker.serve([roomId], context, {});
    return answer!;
  }

  @Rpc(PresenceService, 'heartbeat', z.object({}))
  heartbeat(): never {
    throw new ProblemError('not-found');
  }
}

function roomsOf(items: readonly BatchItem<OneRoom>[]): string[] {
  return items.map(({ request }) => request.roomId);
}
