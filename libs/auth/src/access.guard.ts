import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { accessOf, type RouteAccess } from './access.decorator.js';
import type { AuthenticatedRequest } from './authentication.guard.js';
import { refuseEarly } from './authorize.js';
import { insufficientAuthentication, missingScope, noCredential } from './challenge.js';
import { assured } from './circumstances.js';
import type { Attributes, Condition } from './conditions.js';

/** What the router adds. */
interface RoutedRequest extends AuthenticatedRequest {
  readonly ip?: string;
  readonly params?: Readonly<Record<string, string>>;
}

type Restricted = Extract<RouteAccess, { public: false }>;

/**
 * AccessGuard: lets a request through whose caller is known, whose token has the scopes that the route declares, and whom the route's rule does not
 * certainly refuse; the service decides the rest. Else 401 or 403 with `WWW-Authenticate` (RFC 6750, RFC 9470), or 503 where the issuer was needed to
 * tell and away. A route that declares nothing is closed.
 */
@Injectable()
export class AccessGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const access = accessOf(context.getHandler(), context.getClass());
    if (!access) throw new ProblemError('internal-error', { cause: new Error('A route declares neither @Access nor @Public') });
    if (access.public) return true;
    const request = context.getArgByIndex<RoutedRequest>(0);
    const { caller, authenticationFailure } = request;
    if (!caller) throw authenticationFailure ?? noCredential();
    for (const scope of access.scopes) if (!caller.scopes.includes(scope)) throw missingScope(access.scopes);
    if (access.rule) refuseEarly(caller, access.rule, access.about?.(request.params ?? {}));
    if (access.where || access.assurance) requireCircumstances(access, caller, { now: new Date(), address: request.ip });
    return true;
  }
}

function requireCircumstances({ where = [], assurance }: Restricted, caller: Caller, about: Attributes): void {
  const proof = assurance && assured(assurance);
  if (proof && proof.holds(caller, about) !== true) throw insufficientAuthentication(assurance, becauseOf(proof));
  for (const condition of where) {
    if (condition.holds(caller, about) === true) continue;
    const explanation = { rule: 'route', because: becauseOf(condition) };
    throw new ProblemError('forbidden', { detail: 'Not from here, or not now.', explanation });
  }
}

const becauseOf = ({ name }: Condition) => `not so: ${name}`;
