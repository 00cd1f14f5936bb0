import { Access } from '@facet/auth';
import { Cursors, Faults, JsonBody, PathParams, QueryParams, RequestContext, Returns, ReturnsNothing } from '@facet/edge';
import { Controller, Get, Post, Put } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { createRoom } from './create-room.js';
import { getRoom } from './get-room.js';
import { markRead } from './mark-read.js';
import { CreatedRoom, RoomDraft, ReadUpTo, RoomPath, RoomQuery, RoomScreen } from './room.view.js';

@Controller('v1/rooms')
export class RoomController {
  constructor(
    private readonly downstream: Downstream,
    private readonly cursors: Cursors,
  ) {}

  @Get(':roomId')
  @Access({ scope: 'read:rooms', rule: 'room:read', limit: 'browse', budgetMs: 1_500 })
  @Faults({ rooms: 'problem', messages: 'problem', users: 'degraded', presence: 'degraded', notifications: 'stale' })
  @Returns(RoomScreen, { summary: 'A room and its newest messages, or older ones', problems: ['not-found'] })
  get(@PathParams(RoomPath) path: RoomPath, @QueryParams(RoomQuery) query: RoomQuery, @RequestContext() context: RequestContext) {
    return getRoom(this.downstream, this.cursors, { ...path, ...query }, context);
  }

  @Post()
  @Access({ scope: 'write:rooms', rule: 'room:create', limit: 'write' })
  @Faults({ rooms: 'once', users: 'degraded' })
  @Returns(CreatedRoom, { status: 201, also: [200], summary: 'Makes a room, or finds the direct room of the same people (200)' })
  create(@JsonBody(RoomDraft) draft: RoomDraft, @RequestContext() context: RequestContext) {
    return createRoom(this.downstream, draft, context);
  }

  @Put(':roomId/read')
  @Access({ scope: 'write:notifications', rule: 'room:mark-read', limit: 'write' })
  @Faults({ notifications: 'problem' })
  @ReturnsNothing({ summary: 'Marks a room as read up to a message; never moves back', problems: ['not-found'] })
  markRead(@PathParams(RoomPath) path: RoomPath, @JsonBody(ReadUpTo) upTo: ReadUpTo, @RequestContext() context: RequestContext) {
    return markRead(this.downstream, { ...path, ...upTo }, context);
  }
}
