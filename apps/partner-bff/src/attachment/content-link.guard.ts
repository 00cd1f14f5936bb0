import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest } from '@facet/auth';
import { toProblem } from '@facet/edge';
import { AttachmentController } from './attachment.controller.js';
import { ContentLinks } from './content-links.js';

type ContentRequest = AuthenticatedRequest & {
  readonly params: { readonly attachmentId: string };
  readonly query: { readonly capability?: unknown };
};

/** ContentLinkGuard: who comes to the bytes of an attachment by a link is whom the link was made for; what is wrong with it is said once he was counted. */
@Injectable()
export class ContentLinkGuard implements CanActivate {
  constructor(private readonly links: ContentLinks) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getHandler() !== AttachmentController.prototype.content) return true;
    const request = context.getArgByIndex<ContentRequest>(0);
    const { capability } = request.query;
    if (typeof capability !== 'string' || request.authenticationFailure?.code === 'credential-in-url') return true;
    request.caller = undefined;
    try {
      request.caller = this.links.open(request.params.attachmentId.toLowerCase(), capability);
    } catch (error) {
      request.authenticationFailure = toProblem(error);
    }
    return true;
  }
}
