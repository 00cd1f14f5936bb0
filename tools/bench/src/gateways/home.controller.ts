import { Access } from '@facet/auth';
import { PathParams, RequestContext, Returns, uuid } from '@facet/edge';
import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Downstream } from './downstream.js';
import { getHome } from './get-home.js';
import { Home } from './home.view.js';

const Path = z.object({ userId: uuid });
const Me = z.object({ id: z.string() });

@Controller()
export class HomeController {
  constructor(private readonly downstream: Downstream) {}

  @Get('home/:userId')
  @Access({ scope: 'read:rooms', limit: 'browse' })
  @Returns(Home)
  home(@PathParams(Path) { userId }: z.infer<typeof Path>, @RequestContext() context: RequestContext) {
    return getHome(this.downstream, userId, context);
  }

  /** Nothing but who is calling: what a token costs. */
  @Get('me')
  @Access({ scope: 'read:rooms', limit: 'browse' })
  @Returns(Me)
  me(@RequestContext() { caller }: RequestContext) {
    return { id: caller.subject };
  }
}
