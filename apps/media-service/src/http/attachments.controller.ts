import type { RequestContext } from '@facet/context';
import { MediaService } from '@facet/contracts/media/http';
import { CallContext, HttpRpc, validateParameters } from '@facet/service-kit/http';
import { Controller, Get, Headers, Param, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Media } from '../media.js';
import type { RequestHeaders } from './answer-bytes.js';
import { deleteAttachment } from './delete-attachment.js';
import { getContent, getThumbnail } from './get-content.js';
import { getAttachment, listAttachments } from './list-attachments.js';
import { OneAttachment, OneThumbnail, SomeAttachments } from './requests.js';
import { uploadAttachments } from './upload-attachments.js';

@Controller()
export class AttachmentsController {
  constructor(private readonly media: Media) {}

  @HttpRpc(MediaService, 'listAttachments', SomeAttachments)
  list(request: SomeAttachments, context: RequestContext) {
    return listAttachments(this.media, request, context);
  }

  @HttpRpc(MediaService, 'getAttachment', OneAttachment)
  get(request: OneAttachment, context: RequestContext) {
    return getAttachment(this.media, request, context);
  }

  @HttpRpc(MediaService, 'deleteAttachment', OneAttachment)
  delete(request: OneAttachment, context: RequestContext) {
    return deleteAttachment(this.media, request, context);
  }

  @Post('v1/attachments')
  upload(@Req() request: FastifyRequest, @CallContext() context: RequestContext) {
    return uploadAttachments(this.media, request, context);
  }

  @Get('v1/attachments/:id/content')
  content(@Param() params: unknown, @Headers() headers: RequestHeaders, @CallContext() context: RequestContext) {
    return getContent(this.media, validateParameters(OneAttachment, params), headers, context);
  }

  @Get('v1/attachments/:id/thumbnails/:width')
  thumbnail(@Param() params: unknown, @Headers() headers: RequestHeaders, @CallContext() context: RequestContext) {
    return getThumbnail(this.media, validateParameters(OneThumbnail, params), headers, context);
  }
}
