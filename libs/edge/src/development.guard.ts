import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ProblemError } from '@facet/errors';
import { isLocal, type LocalRequest } from './is-local.js';

/** DevelopmentGuard: for development endpoints: they do not exist (404) but for local requests (`isLocal`). That they are there at all takes FACET_ENV=development. */
@Injectable()
export class DevelopmentGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (isLocal(context.switchToHttp().getRequest<LocalRequest>())) return true;
    throw new ProblemError('not-found');
  }
}
