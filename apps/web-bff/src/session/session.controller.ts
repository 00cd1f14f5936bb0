import { Access, Public } from '@facet/auth';
import { Answer, Faults, QueryParams, RequestContext, Returns, ReturnsRaw } from '@facet/edge';
import { InjectState, type SharedState } from '@facet/state';
import { Controller, Get, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { completeLogIn } from './complete-log-in.js';
import { endByBackchannel } from './end-by-backchannel.js';
import { landingHeaders, landingPage } from './landing-page.js';
import { logIn, type Leaving } from './log-in.js';
import { logOut } from './log-out.js';
import { formField } from './read-form.js';
import { LoginQuery, LogoutQuery, SignedIn } from './session.view.js';
import { showUser } from './show-user.js';
import { Web } from './web.js';

const html = 'text/html; charset=utf-8';

// No service is asked for any of this.
@Controller('bff')
@Faults({})
export class SessionController {
  constructor(
    private readonly web: Web,
    @InjectState() private readonly state: SharedState,
  ) {}

  @Get('login')
  @Public()
  @ReturnsRaw(html, { status: 303, summary: 'Sends a browser to the issuer, to sign in' })
  async login(@QueryParams(LoginQuery) { returnTo }: { returnTo: string }, @Req() { headers }: FastifyRequest) {
    return leave(await logIn(this.web, returnTo, headers.cookie));
  }

  @Get('callback')
  @Public()
  @ReturnsRaw(html, {
    summary: 'Where the issuer sends the browser back to; begins the session',
    problems: ['invalid-request', 'forbidden'],
  })
  async callback(@Req() { url, headers }: FastifyRequest) {
    const { target, cookies } = await completeLogIn(this.web, url, headers.cookie);
    return new Answer(landingPage(target), { headers: { ...landingHeaders, 'set-cookie': cookies } });
  }

  @Get('logout')
  @Public()
  @ReturnsRaw(html, { status: 303, summary: 'Ends the session, and leads on to end the one at the issuer', problems: ['csrf'] })
  async logout(@QueryParams(LogoutQuery) { sid }: { sid?: string }, @Req() { headers }: FastifyRequest) {
    return leave(await logOut(this.web, sid, headers.cookie));
  }

  @Get('user')
  @Access({ scope: 'any', limit: 'browse' })
  @Returns(SignedIn, { summary: 'Who is signed in' })
  async user(@RequestContext() { caller }: RequestContext, @Req() { headers }: FastifyRequest) {
    return new Answer(await showUser(this.web, caller, headers.cookie), { headers: { 'cache-control': 'no-store', vary: 'cookie' } });
  }

  @Post('backchannel')
  @Public()
  @ReturnsRaw('text/plain; charset=utf-8', { summary: 'The issuer says that somebody has signed out', problems: ['invalid-request'] })
  async backchannel(@Req() request: FastifyRequest) {
    await endByBackchannel(this.web, this.state, formField(request, 'logout_token'));
    return new Answer('', { headers: noStore });
  }
}

const noStore = { 'cache-control': 'no-store' };

function leave({ location, cookies }: Leaving): Answer {
  return new Answer('', { headers: { ...noStore, location, ...(cookies.length > 0 && { 'set-cookie': cookies }) } });
}
