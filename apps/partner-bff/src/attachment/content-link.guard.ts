import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Revocations, revokedCredential, type AuthenticatedRequest } from '@facet/auth';
import { toProblem } from '@facet/edge';
import { AttachmentController } from './attachment.controller.js';
import { ContentLinks } from './content-links.js';

type ContentRequest = AuthenticatedRequest & {
  readonly params: { readonly attachmentId: string };
  readonly query: { readonly capability?: unknown };
};

/** ContentLinkGuard: who comes to the bytes of an attachment by a link is whom the link was made for, unless he was revoked since; what is wrong with it is said once he was counted. */
@Injectable()
export class ContentLinkGuard implements CanActivate {
  constructor(
    private readonly links: ContentLinks,
    private readonly revocations: Revocations,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getHandler() !== AttachmentController.prototype.content) return true;
    const request = context.getArgByIndex<ContentRequest>(0);
    const { capability } = request.query;
    if (typeof capability !== 'string' || request.authenticationFailure?.code === 'credential-in-url') return true;
    request.caller = undefined;
    try {
      const caller = this.links.open(request.params.attachmentId.toLowerCase(), capability);
      if (this.revocations.covers(caller)) throw revokedCredential();
      request.caller = caller;
    } catch (error) {
      request.authenticationFailure = toProblem(error);
    }
    return true;
  }
}
