import { Public } from '@facet/auth';
import { Answer, DevelopmentGuard, Faults, JsonBody, ReturnsNothing } from '@facet/edge';
import { Controller, Post, UseGuards } from '@nestjs/common';
import { setSessionCookie } from '../session/cookies.js';
import { Web } from '../session/web.js';
import { DevSession } from './dev-session.view.js';
import { openDevSession } from './open-dev-session.js';

@Controller('dev')
@Public()
@UseGuards(DevelopmentGuard)
@Faults({})
export class DevSessionController {
  constructor(private readonly web: Web) {}

  @Post('session')
  @ReturnsNothing({ summary: 'Signs a demo user in, for scripts' })
  async session(@JsonBody(DevSession) { user }: DevSession) {
    const id = await openDevSession(this.web, user);
    return new Answer(undefined, { headers: { 'set-cookie': setSessionCookie(id), 'cache-control': 'no-store' } });
  }
}
