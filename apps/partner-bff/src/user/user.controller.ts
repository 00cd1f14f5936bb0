import { Access } from '@facet/auth';
import { Faults, JsonBody, PathParams, QueryParams, RequestContext, Returns } from '@facet/edge';
import { Controller, Get, Patch } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { PageQuery, pageOf } from '../paging/page.view.js';
import { PagedLists } from '../paging/paged-list.js';
import { Room } from '../room/room.view.js';
import { User, UserChange, UserParams } from './user.view.js';
import { getUser, listUserRooms, updateUser } from './users.js';

@Controller('api/v1/users/:userId')
export class UserController {
  constructor(
    private readonly downstream: Downstream,
    private readonly lists: PagedLists,
  ) {}

  @Get()
  @Access({ scope: 'read:users', rule: 'user:read', about: ({ userId }) => ({ userId }), limit: 'browse' })
  @Faults({ users: 'problem' })
  @Returns(User, { summary: 'A user', problems: ['not-found'] })
  get(@PathParams(UserParams) params: UserParams, @RequestContext() context: RequestContext) {
    return getUser(this.downstream, params, context);
  }

  @Patch()
  @Access({ scope: 'write:users', rule: 'user:update', limit: 'write' })
  @Faults({ users: 'problem' })
  @Returns(User, { summary: 'Change a profile: your own or, for admins, any', problems: ['not-found'] })
  update(@PathParams(UserParams) params: UserParams, @JsonBody(UserChange) change: UserChange, @RequestContext() context: RequestContext) {
    return updateUser(this.downstream, { ...params, ...change }, context);
  }

  @Get('rooms')
  @Access({ scope: ['read:users', 'read:rooms'], rule: 'room:list', limit: 'browse' })
  @Faults({ users: 'problem', rooms: 'problem' })
  @Returns(pageOf(Room), { summary: 'Rooms of a user that you may see', problems: ['not-found'] })
  listRooms(
    @PathParams(UserParams) params: UserParams,
    @QueryParams(PageQuery) query: PageQuery,
    @RequestContext() context: RequestContext,
  ) {
    const list = this.lists.open(`/api/v1/users/${params.userId}/rooms`, query);
    return listUserRooms(this.downstream, params, list, context);
  }
}
