import { Access } from '@facet/auth';
import { Faults, PathParams, RequestContext, ReturnsNothing } from '@facet/edge';
import { Controller, Delete, Put } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { ReactionPath } from './message.view.js';
import { addReaction, removeReaction } from './reactions.js';

@Controller('v1/rooms/:roomId/messages/:messageId/reactions/:emoji')
export class ReactionController {
  constructor(private readonly downstream: Downstream) {}

  @Put()
  @Access({ scope: 'write:messages', rule: 'message:react', limit: 'write' })
  @Faults({ messages: 'problem' })
  @ReturnsNothing({ summary: 'Reacts with an emoji', problems: ['not-found'] })
  add(@PathParams(ReactionPath) path: ReactionPath, @RequestContext() context: RequestContext) {
    return addReaction(this.downstream, path, context);
  }

  @Delete()
  @Access({ scope: 'write:messages', rule: 'message:unreact', limit: 'write' })
  @Faults({ messages: 'problem' })
  @ReturnsNothing({ summary: 'Takes a reaction back', problems: ['not-found'] })
  remove(@PathParams(ReactionPath) path: ReactionPath, @RequestContext() context: RequestContext) {
    return removeReaction(this.downstream, path, context);
  }
}
