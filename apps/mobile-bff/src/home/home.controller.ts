import { Access } from '@facet/auth';
import { Faults, RequestContext, Returns } from '@facet/edge';
import { Controller, Get } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { getHome } from './get-home.js';
import { Home } from './home.view.js';

@Controller('v1/home')
export class HomeController {
  constructor(private readonly downstream: Downstream) {}

  @Get()
  @Access({ scope: 'read:rooms', rule: 'room:list', limit: 'browse', budgetMs: 1_500 })
  @Faults({ users: 'problem', rooms: 'problem', messages: 'degraded', presence: 'degraded', notifications: 'stale' })
  @Returns(Home, { summary: 'The first screen, in at most 8 kB' })
  get(@RequestContext() context: RequestContext) {
    return getHome(this.downstream, context);
  }
}
