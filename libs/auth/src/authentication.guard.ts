import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Caller } from '@facet/context';
import { ProblemError } from '@facet/errors';
import { accessOf } from './access.decorator.js';
import type { Attempt, AuthenticationStep } from './authentication-step.js';
import type { HttpRequest } from './http-request.js';

/** AuthenticatedRequest: a request after AuthenticationGuard: with its caller, or with why there is none. */
export interface AuthenticatedRequest extends HttpRequest {
  caller?: Caller | undefined;
  authenticationFailure?: ProblemError | undefined;
}

/** STEPS: token of the ordered steps. */
export const STEPS = Symbol('authentication steps');

/**
 * AuthenticationGuard: finds out who is calling, step by step, and sets `request.caller`, or `request.authenticationFailure` where nobody can be told. It
 * refuses nobody: throttling comes next and counts the unknown too, then AccessGuard refuses. Public routes are not looked at. Where no step has to wait it
 * answers at once.
 */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(@Inject(STEPS) private readonly steps: readonly AuthenticationStep[]) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    if (accessOf(context.getHandler(), context.getClass())?.public) return true;
    const request = context.getArgByIndex<AuthenticatedRequest>(0);
    const attempt: Attempt = { request, reply: context.getArgByIndex<Attempt['reply']>(1) };
    try {
      for (let at = 0; at < this.steps.length; at += 1) {
        const waiting = this.steps[at]!.run(attempt);
        if (waiting) return this.#goOn(attempt, waiting, at + 1);
      }
    } catch (failure) {
      return refuse(request, failure);
    }
    request.caller = attempt.caller;
    return true;
  }

  async #goOn(attempt: Attempt, waiting: Promise<void>, from: number): Promise<boolean> {
    const request: AuthenticatedRequest = attempt.request;
    try {
      await waiting;
      for (const step of this.steps.slice(from)) await step.run(attempt);
    } catch (failure) {
      return refuse(request, failure);
    }
    request.caller = attempt.caller;
    return true;
  }
}

function refuse(request: AuthenticatedRequest, failure: unknown): true {
  if (!(failure instanceof ProblemError)) throw failure;
  request.authenticationFailure = failure;
  return true;
}
