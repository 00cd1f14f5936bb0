import { Access } from '@facet/auth';
import { Faults, JsonBody, PathParams, QueryParams, RequestContext, Returns, ReturnsNothing } from '@facet/edge';
import { Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { PageQuery, pageOf } from '../paging/page.view.js';
import { PagedLists } from '../paging/paged-list.js';
import { RoomParams } from '../room/room.view.js';
import { Member, MemberParams, NewMember } from './member.view.js';
import { createMember, getMember, listMembers, putMember, removeMember } from './members.js';

@Controller('api/v1/rooms/:roomId/members')
export class MemberController {
  constructor(
    private readonly downstream: Downstream,
    private readonly lists: PagedLists,
  ) {}

  @Get()
  @Access({ scope: 'read:rooms', rule: 'room:read', limit: 'browse' })
  @Faults({ rooms: 'problem' })
  @Returns(pageOf(Member), { summary: 'Members of a room, by user id', problems: ['not-found'] })
  list(@PathParams(RoomParams) params: RoomParams, @QueryParams(PageQuery) query: PageQuery, @RequestContext() context: RequestContext) {
    const list = this.lists.open(`/api/v1/rooms/${params.roomId}/members`, query);
    return listMembers(this.downstream, params, list, context);
  }

  @Post()
  @Access({ scope: 'write:rooms', rule: 'member:add', limit: 'write' })
  @Faults({ rooms: 'problem' })
  @Returns(Member, { status: 201, summary: 'Add somebody who is no member yet', problems: ['not-found', 'conflict'] })
  create(@PathParams(RoomParams) params: RoomParams, @JsonBody(NewMember) member: NewMember, @RequestContext() context: RequestContext) {
    return createMember(this.downstream, { ...params, ...member }, context);
  }

  @Get(':userId')
  @Access({ scope: 'read:rooms', rule: 'room:read', limit: 'browse' })
  @Faults({ rooms: 'problem' })
  @Returns(Member, { summary: 'A member', problems: ['not-found'] })
  get(@PathParams(MemberParams) params: MemberParams, @RequestContext() context: RequestContext) {
    return getMember(this.downstream, params, context);
  }

  @Put(':userId')
  @Access({ scope: 'write:rooms', rule: 'member:add', limit: 'write' })
  @Faults({ rooms: 'problem' })
  @Returns(Member, { also: [201], summary: 'Add somebody, or join; 200 for who is a member already', problems: ['not-found', 'conflict'] })
  put(@PathParams(MemberParams) params: MemberParams, @RequestContext() context: RequestContext) {
    return putMember(this.downstream, params, context);
  }

  @Delete(':userId')
  @Access({ scope: 'write:rooms', rule: 'member:remove', limit: 'write' })
  @Faults({ rooms: 'problem' })
  @ReturnsNothing({ summary: 'Take somebody out, or leave', problems: ['not-found', 'conflict'] })
  remove(@PathParams(MemberParams) params: MemberParams, @RequestContext() context: RequestContext) {
    return removeMember(this.downstream, params, context);
  }
}
