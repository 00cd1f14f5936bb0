import { Access } from '@facet/auth';
import { Cursors, Faults, JsonBody, QueryParams, RequestContext, Returns, ReturnsNothing } from '@facet/edge';
import { Controller, Get, Put } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { Feed, FeedQuery, SeenUpTo } from './notification.view.js';
import { getFeed, markSeen } from './notifications.js';

@Controller('v1/notifications')
export class NotificationController {
  constructor(
    private readonly downstream: Downstream,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Access({ scope: 'read:notifications', rule: 'notification:list', limit: 'browse' })
  @Faults({ notifications: 'problem', users: 'degraded' })
  @Returns(Feed, { summary: 'Mentions and replies, newest first' })
  get(@QueryParams(FeedQuery) query: FeedQuery, @RequestContext() context: RequestContext) {
    return getFeed(this.downstream, this.cursors, query, context);
  }

  @Put('read')
  @Access({ scope: 'write:notifications', rule: 'notification:mark-read', limit: 'write' })
  @Faults({ notifications: 'problem' })
  @ReturnsNothing({ summary: 'Marks notifications as seen up to one; never moves back' })
  markSeen(@JsonBody(SeenUpTo) seen: SeenUpTo, @RequestContext() context: RequestContext) {
    return markSeen(this.downstream, seen, context);
  }
}
