import { AttachmentPath, readContent } from '@facet/attachments';
import { Access } from '@facet/auth';
import {
  Faults,
  PathParams,
  QueryParams,
  RequestContext,
  Returns,
  ReturnsNothing,
  ReturnsStream,
  UploadBody,
  WantedBytes,
  type BytesWanted,
  type Upload,
} from '@facet/edge';
import { Controller, Delete, Get, Post } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { ContentQuery, Uploaded, WholeAttachment } from './attachment.view.js';
import { createAttachments, deleteAttachment, getAttachment } from './attachments.js';
import { ContentLinks } from './content-links.js';

@Controller('api/v1/attachments')
export class AttachmentController {
  constructor(
    private readonly downstream: Downstream,
    private readonly links: ContentLinks,
  ) {}

  @Post()
  @Access({ scope: 'write:messages', rule: 'attachment:upload', limit: 'write', budgetMs: 120_000 })
  @Faults({ media: { otherwise: 'once', slow: 'whole' } })
  @Returns(Uploaded, {
    status: 201,
    summary: 'Upload files',
    description: 'Their ids go with a message, each with one.',
    problems: ['file-refused', 'uploads-full'],
  })
  create(@UploadBody() upload: Upload, @RequestContext() context: RequestContext) {
    return createAttachments(this.downstream, this.links, upload, context);
  }

  @Get(':attachmentId')
  @Access({ scope: 'read:messages', rule: 'attachment:read', limit: 'browse', budgetMs: 3_000 })
  @Faults({ media: 'problem' })
  @Returns(WholeAttachment, { summary: 'An attachment' })
  get(@PathParams(AttachmentPath) params: AttachmentPath, @RequestContext() context: RequestContext) {
    return getAttachment(this.downstream, this.links, params, context);
  }

  @Delete(':attachmentId')
  @Access({ scope: 'write:messages', rule: 'attachment:delete', limit: 'write', budgetMs: 3_000 })
  @Faults({ media: 'problem' })
  @ReturnsNothing({ summary: 'Take back an attachment that was not posted', problems: ['conflict'] })
  delete(@PathParams(AttachmentPath) params: AttachmentPath, @RequestContext() context: RequestContext) {
    return deleteAttachment(this.downstream, params, context);
  }

  /** Opens by a token, or by a link (`ContentLinkGuard`). Whether the caller may have the bytes media-service decides, each time. */
  @Get(':attachmentId/content')
  @Access({ scope: 'read:messages', rule: 'attachment:read', limit: 'browse', budgetMs: 3_000 })
  @Faults({ media: 'problem' })
  @ReturnsStream({ also: [206, 304], summary: 'The bytes: all, a range, or their head alone', problems: ['range-not-satisfiable'] })
  content(
    @PathParams(AttachmentPath) params: AttachmentPath,
    @QueryParams(ContentQuery) _link: unknown,
    @WantedBytes() wanted: BytesWanted,
    @RequestContext() context: RequestContext,
  ) {
    return readContent(this.downstream.media, params, wanted, context);
  }
}
