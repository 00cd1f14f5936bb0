import { Access } from '@facet/auth';
import { Faults, PathParams, RequestContext, ReturnsNothing } from '@facet/edge';
import { Controller, Delete, Put } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { RoomPath } from '../room/room.view.js';
import { joinRoom, leaveRoom } from './memberships.js';

@Controller('v1/rooms/:roomId/membership')
export class MembershipController {
  constructor(private readonly downstream: Downstream) {}

  @Put()
  @Access({ scope: 'write:rooms', rule: 'room:join', limit: 'write' })
  @Faults({ rooms: 'problem' })
  @ReturnsNothing({ summary: 'Joins a public room', problems: ['not-found'] })
  join(@PathParams(RoomPath) path: RoomPath, @RequestContext() context: RequestContext) {
    return joinRoom(this.downstream, path, context);
  }

  @Delete()
  @Access({ scope: 'write:rooms', rule: 'room:leave', limit: 'write' })
  @Faults({ rooms: 'problem' })
  @ReturnsNothing({ summary: 'Leaves a room', problems: ['not-found', 'conflict'] })
  leave(@PathParams(RoomPath) path: RoomPath, @RequestContext() context: RequestContext) {
    return leaveRoom(this.downstream, path, context);
  }
}
