import { keyShown, Public } from '@facet/auth';
import { InjectDatabase } from '@facet/database';
import { Answer, DevelopmentGuard, JsonBody, Returns, ReturnsRaw } from '@facet/edge';
import { ProblemError } from '@facet/errors';
import { Controller, Get, Inject, Optional, Post, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditTrail } from '../audit/audit-trail.js';
import { withOrigin } from '../audit/origin.js';
import { PersonalData } from '../accounts/personal-data.js';
import { AccessTokens } from '../oidc/access-tokens.js';
import { POST_OFFICE } from '../mail/mail.module.js';
import type { PostOffice } from '../mail/post-office.js';
import { PartnerKeys } from '../partner-keys/partner-keys.js';
import { Passwords } from '../sign-in/passwords.js';
import type { Db } from '../store/tables.js';
import { DevToken, DevTokenRequest } from './dev-token.view.js';
import { DemoAccounts, OpenedAccounts } from './demo-accounts.view.js';
import { issueDevToken } from './issue-dev-token.js';
import { openDemoAccounts } from './open-demo-accounts.js';
import { showMailbox } from './show-mailbox.js';

@Controller('dev')
@Public()
@UseGuards(DevelopmentGuard)
export class DevController {
  constructor(
    @InjectDatabase() private readonly db: Db,
    private readonly tokens: AccessTokens,
    private readonly audit: AuditTrail,
    private readonly personal: PersonalData,
    private readonly passwords: Passwords,
    private readonly partnerKeys: PartnerKeys,
    @Optional() @Inject(POST_OFFICE) private readonly postOffice: PostOffice | undefined,
  ) {}

  @Post('token')
  @Returns(DevToken)
  async token(@JsonBody(DevTokenRequest) wanted: DevTokenRequest, @Req() request: FastifyRequest) {
    const services = { db: this.db, tokens: this.tokens, audit: this.audit };
    const { dpop } = request.headers;
    const proven = { method: 'POST', uri: `${this.tokens.issuer}/dev/token`, now: Date.now() };
    const jkt = dpop === undefined ? undefined : keyShown(dpop, proven);
    return new Answer(await withOrigin(request, () => issueDevToken(services, wanted, jkt)), { headers: { 'cache-control': 'no-store' } });
  }

  @Get('mailbox')
  @ReturnsRaw('text/html; charset=utf-8')
  async mailbox() {
    if (!this.postOffice) throw new ProblemError('not-found');
    const { markup, headers } = await showMailbox(this.postOffice);
    return new Answer(markup, { headers });
  }

  @Post('accounts')
  @Returns(OpenedAccounts)
  accounts(@JsonBody(DemoAccounts) demo: DemoAccounts) {
    const { db, personal, passwords, audit, partnerKeys } = this;
    return openDemoAccounts({ db, personal, passwords, audit, partnerKeys }, demo);
  }
}
