import { gather, optional, required } from '@facet/aggregation';
import { Access } from '@facet/auth';
import { QueryParams, RequestContext, Returns, uuid } from '@facet/edge';
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import type { AskEvent } from '../abandon/events.js';
import { requestOf, workOf } from '../abandon/work.js';
import { Downstream } from './downstream.js';

const Calls = z.object({ typing: uuid, room: uuid, rooms: uuid, online: uuid });
type Calls = z.infer<typeof Calls>;
const Screen = z.object({ request: z.int(), degraded: z.array(z.object({ dependency: z.string(), reason: z.string() })) });

const Trouble = z.object({ rooms: uuid, online: uuid });
type Trouble = z.infer<typeof Trouble>;

/** As @facet/downstream keeps it back. */
const reserveMs = 20;
/** Of both clients. */
export const deadlineMs = 450;
export const budgetMs = 500;

/** Every call that was asked for here. */
export const asks: AskEvent[] = [];

@Controller()
export class ScreensController {
  constructor(private readonly downstream: Downstream) {}

  /** Four calls: one without a twin, one that travels alone, two that are batched. Without the first there is no screen. */
  @Get('work')
  @Access({ scope: 'read:rooms', limit: 'browse', budgetMs })
  @Returns(Screen)
  async work(@QueryParams(Calls) { typing, room, rooms, online }: Calls, @RequestContext() context: RequestContext) {
    const { downstream } = this;
    await gather(context, {
      typing: required((within) => recorded(typing, within, () => downstream.presence.setTyping({ roomId: typing }, within))),
      room: optional((within) => recorded(room, within, () => downstream.rooms.getRoom({ roomId: room }, within))),
      rooms: optional((within) => recorded(rooms, within, () => downstream.rooms.listRooms({ memberId: rooms }, within))),
      online: optional((within) => recorded(online, within, () => downstream.presence.countOnline({ roomId: online }, within))),
    });
    return { request: requestOf(workOf(typing).number), degraded: context.degradations };
  }

  /** Two calls, of which one may be in trouble. */
  @Get('trouble')
  @Access({ scope: 'read:rooms', limit: 'browse', budgetMs })
  @Returns(Screen)
  async trouble(@QueryParams(Trouble) { rooms, online }: Trouble, @RequestContext() context: RequestContext) {
    const { downstream } = this;
    await gather(context, {
      rooms: required((within) => downstream.rooms.listRooms({ memberId: rooms }, within)),
      online: optional((within) => downstream.presence.countOnline({ roomId: online }, within)),
    });
    return { request: workOf(rooms).number, degraded: context.degradations };
  }
}

async function recorded(id: string, { deadline }: RequestContext, ask: () => Promise<unknown>): Promise<unknown> {
  const event: AskEvent = {
    call: workOf(id).number,
    budgetEndsAt: deadline,
    deadline: Math.min(deadline - reserveMs, Date.now() + deadlineMs),
  };
  asks.push(event);
  try {
    return await ask();
  } finally {
    event.settledAt = Date.now();
  }
}
