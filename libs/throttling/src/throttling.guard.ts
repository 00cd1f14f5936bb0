import { Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  ThrottlerGuard,
  type ThrottlerModuleOptions,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import { accessOf, type LimitName } from '@facet/auth';
import { ProblemError } from '@facet/errors';

/** LimitOf: which limit a request counts against, where that depends on more than its route. `declared` is what the route says. */
export type LimitOf = (request: unknown, declared: LimitName) => LimitName;

/** LIMIT_OF: token of the LimitOf. */
export const LIMIT_OF = Symbol('LIMIT_OF');

interface LimitedRequest {
  readonly ip: string;
  readonly caller?: { readonly subject: string };
}
interface LimitedReply {
  header(name: string, value: string): unknown;
}

/**
 * ThrottlingGuard: counts each request against the limit that its route declares in @Access, per caller, else per IP address (IPv6: per /64), over all
 * routes of that limit. Says so in `RateLimit-Policy` and `RateLimit`; beyond the limit: ProblemError `quota-exceeded` with the time to wait.
 * Public routes are not counted. Comes after authentication and before access, so that guessing tokens is limited too.
 */
@Injectable()
export class ThrottlingGuard extends ThrottlerGuard {
  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() storage: ThrottlerStorage,
    @Inject(Reflector) reflector: Reflector,
    @Inject(LIMIT_OF) private readonly limitOf: LimitOf,
  ) {
    super(options, storage, reflector);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(context.getHandler(), context.getClass());
    if (!access || access.public) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<LimitedRequest>();
    await this.count(this.limitOf(request, access.limit), request, http.getResponse<LimitedReply>());
    return true;
  }

  private async count(name: LimitName, request: LimitedRequest, reply: LimitedReply): Promise<void> {
    const throttler = this.throttlers.find((candidate) => candidate.name === name);
    if (!throttler) throw new Error(`There is no limit ${name}`);
    const ttl = Number(throttler.ttl);
    const limit = Number(throttler.limit);
    const who = request.caller ? `subject:${request.caller.subject}` : `ip:${await this.getTracker({ ip: request.ip })}`;
    const { totalHits, timeToExpire, isBlocked } = await this.storageService.increment(`${name}:${who}`, ttl, limit, ttl, name);
    reply.header('ratelimit-policy', `"${name}";q=${limit};w=${ttl / 1000}`);
    reply.header('ratelimit', `"${name}";r=${Math.max(0, limit - totalHits)};t=${timeToExpire}`);
    if (!isBlocked) return;
    throw new ProblemError('quota-exceeded', {
      detail: `The limit "${name}" allows ${limit} requests in ${ttl / 1000} seconds.`,
      retryAfterSeconds: timeToExpire,
      extensions: { 'violated-policies': [name] },
    });
  }
}
