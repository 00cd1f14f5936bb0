import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@facet/errors';
import { accessOf } from './access.decorator.js';
import type { AuthenticatedRequest } from './authentication.guard.js';
import { missingScope, noCredential } from './challenge.js';

/**
 * AccessGuard: lets a request through whose caller is known and whose token has the scopes that the route declares. Else 401 or 403 with
 * `WWW-Authenticate` (RFC 6750), or 503 where the issuer was needed to tell and away. A route that declares nothing is closed.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const access = accessOf(context.getHandler(), context.getClass());
    if (!access) throw new ProblemError('internal-error', { cause: new Error('A route declares neither @Access nor @Public') });
    if (access.public) return true;
    const { caller, authenticationFailure } = context.getArgByIndex<AuthenticatedRequest>(0);
    if (!caller) throw authenticationFailure ?? noCredential();
    for (const scope of access.scopes) if (!caller.scopes.includes(scope)) throw missingScope(access.scopes);
    return true;
  }
}
