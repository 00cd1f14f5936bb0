import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import {
  InjectThrottlerOptions,
  InjectThrottlerStorage,
  normalizeIp,
  type ThrottlerModuleOptions,
  type ThrottlerStorage,
} from '@nestjs/throttler';
import { accessOf, type LimitName } from '@facet/auth';
import { ProblemError } from '@facet/errors';
import { FixedWindows, type Count } from './fixed-windows.js';

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

/** What is the same for all requests of a limit. */
interface Limit {
  readonly name: string;
  readonly most: number;
  readonly windowMs: number;
  readonly policy: string;
  /** The keys of callers, made once each, so that a key's hash is too. */
  readonly keys: WeakMap<object, { readonly subject: string; readonly key: string }>;
}

/**
 * ThrottlingGuard: counts each request against the limit that its route declares in @Access, per caller, else per IP address (IPv6: per /64), over all
 * routes of that limit. Says so in `RateLimit-Policy` and `RateLimit`; beyond the limit: ProblemError `quota-exceeded` with the time to wait.
 * Public routes are not counted. Comes after authentication and before access, so that guessing tokens is limited too. Counters in the memory of this
 * process are counted at once, those of any other ThrottlerStorage are waited for.
 */
@Injectable()
export class ThrottlingGuard implements CanActivate {
  private readonly limits: ReadonlyMap<string, Limit>;

  constructor(
    @InjectThrottlerOptions() options: ThrottlerModuleOptions,
    @InjectThrottlerStorage() private readonly storage: ThrottlerStorage,
    @Inject(LIMIT_OF) private readonly limitOf: LimitOf,
  ) {
    const throttlers = Array.isArray(options) ? options : options.throttlers;
    this.limits = new Map(throttlers.map(({ name = '', limit, ttl }) => [name, limitFrom(name, Number(limit), Number(ttl))]));
  }

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const access = accessOf(context.getHandler(), context.getClass());
    if (!access || access.public) return true;
    const request = context.getArgByIndex<LimitedRequest>(0);
    const reply = context.getArgByIndex<LimitedReply>(1);
    const name = this.limitOf(request, access.limit);
    const limit = this.limits.get(name);
    if (!limit) throw new Error(`There is no limit ${name}`);
    const { most, windowMs } = limit;
    const key = keyOf(request, limit);
    if (this.storage instanceof FixedWindows) return admit(this.storage.hit(key, windowMs, most), limit, reply);
    return this.storage.increment(key, windowMs, most, windowMs, name).then((count) => admit(count, limit, reply));
  }
}

function limitFrom(name: string, most: number, windowMs: number): Limit {
  return { name, most, windowMs, policy: `"${name}";q=${most};w=${windowMs / 1000}`, keys: new WeakMap() };
}

function keyOf({ caller, ip }: LimitedRequest, { name, keys }: Limit): string {
  if (!caller) return `${name}:ip:${normalizeIp(ip)}`;
  const { subject } = caller;
  const known = keys.get(caller);
  if (known?.subject === subject) return known.key;
  const key = `${name}:subject:${subject}`;
  keys.set(caller, { subject, key });
  return key;
}

function admit({ totalHits, timeToExpire, isBlocked }: Count, { name, most, windowMs, policy }: Limit, reply: LimitedReply): true {
  reply.header('ratelimit-policy', policy);
  reply.header('ratelimit', `"${name}";r=${Math.max(0, most - totalHits)};t=${timeToExpire}`);
  if (!isBlocked) return true;
  throw new ProblemError('quota-exceeded', {
    detail: `The limit "${name}" allows ${most} requests in ${windowMs / 1000} seconds.`,
    retryAfterSeconds: timeToExpire,
    extensions: { 'violated-policies': [name] },
  });
}
