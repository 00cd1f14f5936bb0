import { Access } from '@facet/auth';
import { Faults, JsonBody, PathParams, RequestContext, ReturnsNothing } from '@facet/edge';
import { Controller, Put } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { RoomPath } from '../room/room.view.js';
import { Presence } from './presence.view.js';
import { setPresence, setTyping } from './presences.js';

@Controller('v1')
export class PresenceController {
  constructor(private readonly downstream: Downstream) {}

  @Put('presence')
  @Access({ scope: 'write:messages', rule: 'presence:update', limit: 'write' })
  @Faults({ presence: 'problem' })
  @ReturnsNothing({ summary: 'Is online or away for another 30 seconds' })
  setPresence(@JsonBody(Presence) presence: Presence, @RequestContext() context: RequestContext) {
    return setPresence(this.downstream, presence, context);
  }

  @Put('rooms/:roomId/typing')
  @Access({ scope: 'write:messages', rule: 'typing:set', limit: 'write' })
  @Faults({ presence: 'problem' })
  @ReturnsNothing({ summary: 'Is typing for another 5 seconds', problems: ['not-found'] })
  setTyping(@PathParams(RoomPath) path: RoomPath, @RequestContext() context: RequestContext) {
    return setTyping(this.downstream, path, context);
  }
}
