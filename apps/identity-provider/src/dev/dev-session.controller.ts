import { Public } from '@facet/auth';
import { InjectDatabase } from '@facet/database';
import { Answer, DevelopmentGuard, JsonBody, Returns } from '@facet/edge';
import { Controller, Post, Req, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuditTrail } from '../audit/audit-trail.js';
import { withOrigin } from '../audit/origin.js';
import { Issuer } from '../oidc/issuer.js';
import type { Db } from '../store/tables.js';
import { DevSession, OpenedDevSession } from './dev-session.view.js';
import { openDevSession } from './open-dev-session.js';

@Controller('dev')
@Public()
@UseGuards(DevelopmentGuard)
export class DevSessionController {
  constructor(
    @InjectDatabase() private readonly db: Db,
    private readonly issuer: Issuer,
    private readonly audit: AuditTrail,
  ) {}

  @Post('session')
  @Returns(OpenedDevSession)
  async session(@JsonBody(DevSession) { user }: DevSession, @Req() request: FastifyRequest) {
    const opened = await withOrigin(request, () => openDevSession({ db: this.db, issuer: this.issuer, audit: this.audit }, user));
    return new Answer(opened, { headers: { 'cache-control': 'no-store' } });
  }
}
