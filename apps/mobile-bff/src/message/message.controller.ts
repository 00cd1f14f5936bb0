import { Access } from '@facet/auth';
import { Faults, JsonBody, PathParams, RequestContext, Returns, ReturnsNothing } from '@facet/edge';
import { Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { RoomPath } from '../room/room.view.js';
import { deleteMessage, editMessage } from './change-message.js';
import { getMessage } from './get-message.js';
import { MessageEdit, MessagePath, MessageDraft, WholeMessage } from './message.view.js';
import { postMessage } from './post-message.js';

@Controller('v1/rooms/:roomId/messages')
export class MessageController {
  constructor(private readonly downstream: Downstream) {}

  @Get(':messageId')
  @Access({ scope: 'read:messages', rule: 'message:read', limit: 'browse' })
  @Faults({ messages: 'problem', users: 'degraded' })
  @Returns(WholeMessage, { summary: 'A message, nothing cut', problems: ['not-found'] })
  get(@PathParams(MessagePath) path: MessagePath, @RequestContext() context: RequestContext) {
    return getMessage(this.downstream, path, context);
  }

  @Post()
  @Access({ scope: 'write:messages', rule: 'message:create', limit: 'write' })
  @Faults({ messages: 'once', users: 'degraded' })
  @Returns(WholeMessage, {
    status: 201,
    also: [200],
    summary: 'Says something; 200 where the client id was sent before',
    problems: ['not-found'],
  })
  post(@PathParams(RoomPath) path: RoomPath, @JsonBody(MessageDraft) draft: MessageDraft, @RequestContext() context: RequestContext) {
    return postMessage(this.downstream, { ...path, ...draft }, context);
  }

  @Patch(':messageId')
  @Access({ scope: 'write:messages', rule: 'message:edit', limit: 'write' })
  @Faults({ messages: 'problem', users: 'degraded' })
  @Returns(WholeMessage, { summary: 'Changes the text', problems: ['not-found', 'conflict'] })
  edit(@PathParams(MessagePath) path: MessagePath, @JsonBody(MessageEdit) edit: MessageEdit, @RequestContext() context: RequestContext) {
    return editMessage(this.downstream, { ...path, ...edit }, context);
  }

  @Delete(':messageId')
  @Access({ scope: 'write:messages', rule: 'message:delete', limit: 'write' })
  @Faults({ messages: 'problem' })
  @ReturnsNothing({ summary: 'Leaves a tombstone', problems: ['not-found'] })
  delete(@PathParams(MessagePath) path: MessagePath, @RequestContext() context: RequestContext) {
    return deleteMessage(this.downstream, path, context);
  }
}
