import { Inject, Injectable, type ExecutionContext, type OnModuleDestroy } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Caller } from '@facet/context';
import type { ProblemError } from '@facet/errors';
import passport from 'passport';
import { AccessTokenStrategy, bearerToken, type HttpRequest } from './access-token-strategy.js';
import { accessOf } from './access.decorator.js';
import { noCredential, refusedCredential } from './challenge.js';

/** AuthenticatedRequest: a request after AuthenticationGuard: with its caller, or with why there is none. */
export interface AuthenticatedRequest extends HttpRequest {
  caller?: Caller | undefined;
  authenticationFailure?: ProblemError | undefined;
}

let strategies = 0;

/**
 * AuthenticationGuard: finds out who is calling and sets `request.caller`, or `request.authenticationFailure` where nobody can be told. It refuses
 * nobody: throttling comes next and counts the unknown too, then AccessGuard refuses. Public routes are not looked at. A token that is remembered is
 * looked up and no more; Passport is asked for all others.
 */
@Injectable()
export class AuthenticationGuard extends AuthGuard() implements OnModuleDestroy {
  readonly #strategyName: string;
  readonly #strategy: AccessTokenStrategy;

  constructor(@Inject(AccessTokenStrategy) strategy: AccessTokenStrategy) {
    // Passport is one for the whole process: a name of its own keeps two applications in one test from sharing a strategy.
    const strategyName = `access-token-${++strategies}`;
    super({ defaultStrategy: strategyName, property: 'caller', session: false });
    passport.use(strategyName, strategy);
    this.#strategyName = strategyName;
    this.#strategy = strategy;
  }

  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (accessOf(context.getHandler(), context.getClass())?.public) return true;
    const request = context.getArgByIndex<AuthenticatedRequest>(0);
    const known = this.#strategy.remembered(request);
    if (!known) return this.#askPassport(context);
    request.caller = known;
    return true;
  }

  async #askPassport(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    return true;
  }

  override handleRequest<User>(error: unknown, user: User, why: unknown, context: ExecutionContext): User {
    if (error) throw error;
    if (user) return user;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    request.authenticationFailure = bearerToken(request) === null ? noCredential() : refusedCredential(why);
    return undefined as User;
  }

  onModuleDestroy(): void {
    passport.unuse(this.#strategyName);
  }
}
