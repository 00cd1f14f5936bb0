import { InternalTokenVerifier, type ClaimPolicies } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';

/** Only partner-bff is answered, and only as itself: on behalf of others it has nothing to ask here. */
export const onlyPartnerBff: ClaimPolicies = {
  'partner-bff': ({ kind, subject }) => kind === 'service' && subject === 'partner-bff',
};

@Injectable()
export class PartnerBffGuard implements CanActivate {
  constructor(private readonly tokens: InternalTokenVerifier) {}

  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>();
    const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (!token) throw new ProblemError('unauthenticated', { detail: 'This answers partner-bff alone.' });
    this.tokens.identify(token);
    return true;
  }
}
