import { Access } from '@facet/auth';
import { Cursors, Faults, QueryParams, RequestContext, Returns } from '@facet/edge';
import { Controller, Get } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { discoverRooms } from './discover-rooms.js';
import { Discover, DiscoverQuery } from './discover.view.js';

@Controller('v1/discover')
export class DiscoverController {
  constructor(
    private readonly downstream: Downstream,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Access({ scope: 'read:rooms', rule: 'room:list', limit: 'browse' })
  @Faults({ rooms: 'problem' })
  @Returns(Discover, { summary: 'Public rooms that one has not joined' })
  discover(@QueryParams(DiscoverQuery) query: DiscoverQuery, @RequestContext() context: RequestContext) {
    return discoverRooms(this.downstream, this.cursors, query, context);
  }
}
