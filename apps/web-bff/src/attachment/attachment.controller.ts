import { AttachmentPath, readContent, readThumbnail, ThumbnailPath, uploadAttachments } from '@facet/attachments';
import { Access } from '@facet/auth';
import {
  Answer,
  Faults,
  PathParams,
  RequestContext,
  Returns,
  ReturnsStream,
  UploadBody,
  WantedBytes,
  type BytesWanted,
  type Upload,
} from '@facet/edge';
import { Controller, Get, Post } from '@nestjs/common';
import { Downstream } from '../downstream.js';
import { Uploaded } from './attachment.view.js';
import { toAttachment } from './to-attachment.js';

const problems = ['range-not-satisfiable'] as const;

@Controller('v1/attachments')
export class AttachmentController {
  constructor(private readonly downstream: Downstream) {}

  @Post()
  @Access({ scope: 'write:messages', rule: 'attachment:upload', limit: 'write', budgetMs: 120_000 })
  @Faults({ media: { otherwise: 'once', slow: 'whole' } })
  @Returns(Uploaded, { status: 201, summary: 'Takes files; their ids go with a message', problems: ['file-refused', 'uploads-full'] })
  async upload(@UploadBody() upload: Upload, @RequestContext() context: RequestContext): Promise<Uploaded> {
    const files = await uploadAttachments(this.downstream.media, upload, context);
    return { attachments: files.map(toAttachment) };
  }

  @Get(':attachmentId/content')
  @Access({ scope: 'read:messages', rule: 'attachment:read', limit: 'browse', budgetMs: 3_000 })
  @Faults({ media: 'problem' })
  @ReturnsStream({ also: [206, 304], summary: 'The file: whole, a range of it, or its head alone', problems })
  async content(
    @PathParams(AttachmentPath) path: AttachmentPath,
    @WantedBytes() wanted: BytesWanted,
    @RequestContext() context: RequestContext,
  ) {
    return byCookie(await readContent(this.downstream.media, path, wanted, context));
  }

  @Get(':attachmentId/thumbnails/:width')
  @Access({ scope: 'read:messages', rule: 'attachment:read', limit: 'browse', budgetMs: 3_000 })
  @Faults({ media: 'problem' })
  @ReturnsStream({ also: [206, 304], summary: 'A small picture of an image', problems })
  async thumbnail(
    @PathParams(ThumbnailPath) path: ThumbnailPath,
    @WantedBytes() wanted: BytesWanted,
    @RequestContext() context: RequestContext,
  ) {
    return byCookie(await readThumbnail(this.downstream.media, path, wanted, context));
  }
}

/** Who is asking is told by a cookie here. */
function byCookie<Body>({ body, status, headers }: Answer<Body>): Answer<Body> {
  return new Answer(body, { ...(status && { status }), headers: { ...headers, vary: 'cookie' } });
}
