import { Access } from '@facet/auth';
import { Faults, JsonBody, PathParams, QueryParams, RequestContext, Returns, ReturnsNothing } from '@facet/edge';
import { Controller, Delete, Get, Patch, Post } from '@nestjs/common';
import { ContentLinks } from '../attachment/content-links.js';
import { Downstream } from '../downstream.js';
import { PageQuery, pageOf } from '../paging/page.view.js';
import { PagedLists } from '../paging/paged-list.js';
import { RoomParams } from '../room/room.view.js';
import { Message, MessageChange, MessageParams, NewMessage } from './message.view.js';
import { createMessage, deleteMessage, getMessage, listMessages, updateMessage } from './messages.js';

@Controller('api/v1/rooms/:roomId/messages')
export class MessageController {
  constructor(
    private readonly downstream: Downstream,
    private readonly lists: PagedLists,
    private readonly links: ContentLinks,
  ) {}

  @Get()
  @Access({ scope: 'read:messages', rule: 'message:list-in-room', limit: 'browse' })
  @Faults({ messages: 'problem' })
  @Returns(pageOf(Message), { summary: 'Messages of a room, tombstones included', problems: ['not-found'] })
  list(@PathParams(RoomParams) params: RoomParams, @QueryParams(PageQuery) query: PageQuery, @RequestContext() context: RequestContext) {
    const list = this.lists.open(`/api/v1/rooms/${params.roomId}/messages`, query);
    return listMessages(this.downstream, this.links, params, list, context);
  }

  @Post()
  @Access({ scope: 'write:messages', rule: 'message:create', limit: 'write' })
  @Faults({ messages: 'once' })
  @Returns(Message, { status: 201, also: [200], summary: 'Post a message', problems: ['not-found', 'conflict'] })
  create(@PathParams(RoomParams) params: RoomParams, @JsonBody(NewMessage) message: NewMessage, @RequestContext() context: RequestContext) {
    return createMessage(this.downstream, this.links, { ...params, ...message }, context);
  }

  @Get(':messageId')
  @Access({ scope: 'read:messages', rule: 'message:read', limit: 'browse' })
  @Faults({ messages: 'problem' })
  @Returns(Message, { summary: 'A message', problems: ['not-found'] })
  get(@PathParams(MessageParams) params: MessageParams, @RequestContext() context: RequestContext) {
    return getMessage(this.downstream, this.links, params, context);
  }

  @Patch(':messageId')
  @Access({ scope: 'write:messages', rule: 'message:edit', limit: 'write' })
  @Faults({ messages: 'problem' })
  @Returns(Message, { summary: 'Change the content of a message', problems: ['not-found', 'conflict'] })
  edit(
    @PathParams(MessageParams) params: MessageParams,
    @JsonBody(MessageChange) change: MessageChange,
    @RequestContext() context: RequestContext,
  ) {
    return updateMessage(this.downstream, this.links, { ...params, ...change }, context);
  }

  @Delete(':messageId')
  @Access({ scope: 'write:messages', rule: 'message:delete', limit: 'write' })
  @Faults({ messages: 'problem' })
  @ReturnsNothing({ summary: 'Delete a message, leaving a tombstone', problems: ['not-found'] })
  delete(@PathParams(MessageParams) params: MessageParams, @RequestContext() context: RequestContext) {
    return deleteMessage(this.downstream, params, context);
  }
}
