import { Access } from '@facet/auth';
import { JsonBody, PathParams, RequestContext, Returns, ReturnsNothing } from '@facet/edge';
import { Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { RoomParams } from '../room/room.view.js';
import { deleteMessage, editMessage } from './change-message.js';
import { getMessage } from './get-message.js';
import { MessageChange, MessageParams, NewMessage, WholeMessage } from './message.view.js';
import { postMessage } from './post-message.js';

@Controller('v1/rooms/:roomId/messages')
export class MessageController {
  constructor(private readonly downstream: Downstream) {}

  @Get(':messageId')
  @Access({ scope: 'read:messages', limit: 'browse' })
  @Returns(WholeMessage, { summary: 'A message, nothing cut', problems: ['not-found'] })
  get(@PathParams(MessageParams) params: MessageParams, @RequestContext() context: RequestContext) {
    return getMessage(this.downstream, params, context);
  }

  @Post()
  @Access({ scope: 'write:messages', limit: 'write' })
  @Returns(WholeMessage, {
    status: 201,
    also: [200],
    summary: 'Says something; 200 where the client id was sent before',
    problems: ['not-found'],
  })
  post(@PathParams(RoomParams) params: RoomParams, @JsonBody(NewMessage) message: NewMessage, @RequestContext() context: RequestContext) {
    return postMessage(this.downstream, { ...params, ...message }, context);
  }

  @Patch(':messageId')
  @Access({ scope: 'write:messages', limit: 'write' })
  @Returns(WholeMessage, { summary: 'Changes the text', problems: ['not-found', 'conflict'] })
  edit(
    @PathParams(MessageParams) params: MessageParams,
    @JsonBody(MessageChange) change: MessageChange,
    @RequestContext() context: RequestContext,
  ) {
    return editMessage(this.downstream, { ...params, ...change }, context);
  }

  @Delete(':messageId')
  @Access({ scope: 'write:messages', limit: 'write' })
  @ReturnsNothing({ summary: 'Leaves a tombstone', problems: ['not-found'] })
  delete(@PathParams(MessageParams) params: MessageParams, @RequestContext() context: RequestContext) {
    return deleteMessage(this.downstream, params, context);
  }
}
