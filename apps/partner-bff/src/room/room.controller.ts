import { Access } from '@facet/auth';
import { Faults, JsonBody, PathParams, QueryParams, RequestContext, Returns, ReturnsNothing } from '@facet/edge';
import { Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { PageQuery, pageOf } from '../paging/page.view.js';
import { PagedLists } from '../paging/paged-list.js';
import { NewRoom, Room, RoomChange, RoomParams } from './room.view.js';
import { createRoom, deleteRoom, getRoom, listRooms, updateRoom } from './rooms.js';

@Controller('api/v1/rooms')
export class RoomController {
  constructor(
    private readonly downstream: Downstream,
    private readonly lists: PagedLists,
  ) {}

  @Get()
  @Access({ scope: 'read:rooms', rule: 'room:list', limit: 'browse' })
  @Faults({ rooms: 'problem' })
  @Returns(pageOf(Room), { summary: 'Rooms that you may see' })
  list(@QueryParams(PageQuery) query: PageQuery, @RequestContext() context: RequestContext) {
    return listRooms(this.downstream, {}, this.lists.open('/api/v1/rooms', query), context);
  }

  @Post()
  @Access({ scope: 'write:rooms', rule: 'room:create', limit: 'write' })
  @Faults({ rooms: 'once' })
  @Returns(Room, { status: 201, also: [200], summary: 'Make a room', description: '200 where the direct room of these people exists.' })
  create(@JsonBody(NewRoom) room: NewRoom, @RequestContext() context: RequestContext) {
    return createRoom(this.downstream, room, context);
  }

  @Get(':roomId')
  @Access({ scope: 'read:rooms', rule: 'room:read', limit: 'browse' })
  @Faults({ rooms: 'problem' })
  @Returns(Room, { summary: 'A room', problems: ['not-found'] })
  get(@PathParams(RoomParams) params: RoomParams, @RequestContext() context: RequestContext) {
    return getRoom(this.downstream, params, context);
  }

  @Patch(':roomId')
  @Access({ scope: 'write:rooms', rule: 'room:update', limit: 'write' })
  @Faults({ rooms: 'problem' })
  @Returns(Room, { summary: 'Change the name or the topic', problems: ['not-found', 'conflict'] })
  update(@PathParams(RoomParams) params: RoomParams, @JsonBody(RoomChange) change: RoomChange, @RequestContext() context: RequestContext) {
    return updateRoom(this.downstream, { ...params, ...change }, context);
  }

  @Delete(':roomId')
  @Access({ scope: 'write:rooms', rule: 'room:delete', limit: 'write' })
  @Faults({ rooms: 'problem' })
  @ReturnsNothing({ summary: 'End a room', problems: ['not-found'] })
  delete(@PathParams(RoomParams) params: RoomParams, @RequestContext() context: RequestContext) {
    return deleteRoom(this.downstream, params, context);
  }
}
