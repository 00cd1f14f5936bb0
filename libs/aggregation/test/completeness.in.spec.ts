import { Controller, Get, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Access } from '@facet/auth';
import type { Caller, RequestContext as Context } from '@facet/context';
import { LastGood } from '@facet/downstream';
import { httpServer, PathParams, RequestContext, Returns } from '@facet/edge';
import { DownstreamError, GrpcStatus, ProblemError } from '@facet/errors';
import { silentLogger } from '@facet/observability';
import { startApp, type RunningApp } from '@facet/service-kit';
import { failureOf } from '@facet/service-kit/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gather, optional, required, stale } from '../src/index.js';
import {
  cases,
  dependencyOf,
  expectedInTimeOf,
  expectedOf,
  failsAtOnce,
  hangingIn,
  kinds,
  outcomes,
  slowCases,
  type Kind,
  type SlowCase,
} from './rules.fixtures.js';

const nothing = Buffer.alloc(0);
const form = { encode: (answer: unknown) => Buffer.from(String(answer)), decode: (bytes: Buffer) => bytes.toString() };
const statuses = { error: 'UNAVAILABLE', timeout: 'DEADLINE_EXCEEDED', invalid: 'INTERNAL' } as const;
const refusals = { required: 'NOT_FOUND', optional: 'PERMISSION_DENIED', kept: 'NOT_FOUND', bare: 'PERMISSION_DENIED' } as const;

/** The parts of each caller's answer that were ended while they hung. */
const ended = new Map<string, Kind[]>();
/** Long enough for all that is there at once. */
const timeMs = 20;

/** A call to the dependency of a part, which ends as gRPC calls end. */
async function call(kind: Kind, outcome: SlowCase[Kind], within: Context): Promise<string> {
  if (outcome === 'ok') return 'fresh';
  if (outcome === 'hangs') return hang(kind, within);
  const name = outcome === 'refused' ? refusals[kind] : statuses[outcome];
  throw failureOf(dependencyOf[kind], { code: GrpcStatus[name], details: 'no' });
}

/** A call without an answer, which ends when it is ended or the time is up. */
function hang(kind: Kind, within: Context): Promise<never> {
  const { caller, ending } = within;
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new DownstreamError(dependencyOf[kind], 'timeout')), within.remainingMs());
    const end = (cause: unknown) => {
      clearTimeout(timer);
      ended.set(caller.subject, [...(ended.get(caller.subject) ?? []), kind]);
      reject(new ProblemError('client-closed-request', { cause }));
    };
    ending.add({ end });
  });
}

const Outcomes = z.enum([...outcomes, 'hangs']);
const Path = z.object({ required: Outcomes, optional: Outcomes, kept: Outcomes, bare: Outcomes });
const Value = z.string().nullable();
const Parts = z.object({
  required: z.string(),
  optional: Value,
  kept: Value,
  bare: Value,
  lacking: z.array(z.string()),
  degraded: z.array(z.string()),
});

@Controller(kinds.map((kind) => `:${kind}`).join('/'))
class AnyAnswerController {
  private readonly lastGood = new LastGood();

  @Get()
  @Access({ scope: 'read:rooms', limit: 'browse' })
  @Returns(Parts)
  async get(@PathParams(Path) one: SlowCase, @RequestContext() context: Context) {
    const keeping = (kind: Kind, within: Context, ask: () => Promise<string>) =>
      this.lastGood.orKept(within, `/${kind}`, nothing, ask, form) as Promise<string>;
    await keeping('kept', context, async () => 'old');
    const { degraded, ...parts } = await gather(context.atMost(timeMs), {
      required: required((within) => call('required', one.required, within)),
      optional: optional((within) => call('optional', one.optional, within)),
      kept: stale((within) => keeping('kept', within, () => call('kept', one.kept, within)), { maxAgeMs: 60_000 }),
      bare: stale((within) => keeping('bare', within, () => call('bare', one.bare, within)), { maxAgeMs: 60_000 }),
    });
    const values = { required: parts.required, optional: parts.optional ?? null, kept: parts.kept ?? null, bare: parts.bare ?? null };
    return { ...values, lacking: degraded.map(({ part, reason }) => `${part}: ${reason}`).sort(), degraded: context.degraded() };
  }
}

/** Each case has a caller of its own, so that nobody has what another one's case left. */
class TrustingGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<{ url: string; caller?: Caller }>();
    request.caller = { subject: request.url, kind: 'user', client: 'mobile-app', scopes: ['read:rooms'], roles: ['user'], permissions: [] };
    return true;
  }
}

class AnyAnswerModule {}
Module({ controllers: [AnyAnswerController], providers: [{ provide: APP_GUARD, useClass: TrustingGuard }] })(AnyAnswerModule);

let app: RunningApp;
beforeAll(async () => {
  app = await startApp({
    name: 'any-answer',
    config: { FACET_ENV: 'production', HOST: '127.0.0.1', LOG_LEVEL: 'silent', SHUTDOWN_MS: 1_000 },
    module: AnyAnswerModule,
    server: httpServer({ port: 0, managementPort: 0 }),
    logger: silentLogger,
  });
});
afterAll(() => app.stop());

const pathOf = (one: SlowCase) => `/${kinds.map((kind) => one[kind]).join('/')}`;

async function answerTo(one: SlowCase) {
  const response = await fetch(`http://127.0.0.1:${app.port}${pathOf(one)}`);
  const text = await response.text();
  const header = (name: string) => response.headers.get(name);
  return {
    status: response.status,
    body: text && (JSON.parse(text) as object),
    cacheControl: header('cache-control'),
    etag: header('etag') !== null,
    vary: header('vary'),
    degraded: header('facet-degraded')?.split(', ').sort() ?? null,
    retryAfter: header('retry-after'),
  };
}

async function expectAnswer(one: SlowCase, { body, ...expected }: ReturnType<typeof expectedOf>): Promise<void> {
  const seen = await answerTo(one);
  expect(seen).toEqual({ ...expected, body: seen.status === 200 ? body : (expect.objectContaining(body) as object) });
}

describe.each(outcomes)('an answer whose required part is %s', (outcome) => {
  const some = cases.filter(({ required }) => required === outcome);
  it.each(some)('where the others are $optional, $kept (kept), $bare (not kept)', async (one) => {
    await expectAnswer(one, expectedOf(one));
  });
});

describe.each([
  ['that fails while parts hang ends them, and waits for none', slowCases.filter(failsAtOnce), hangingIn],
  [
    'is there when its time is up, with what came until then',
    slowCases.filter((one) => one.required !== 'hangs' && !failsAtOnce(one)),
    () => [],
  ],
] as const)('an answer %s', (_, some, endedIn) => {
  it.each(some)('$required, $optional, $kept (kept), $bare (not kept)', async (one) => {
    await expectAnswer(one, expectedInTimeOf(one));
    expect(ended.get(pathOf(one)) ?? []).toEqual(endedIn(one));
  });
});

it.each(slowCases.filter((one) => one.required === 'hangs' && !failsAtOnce(one)))(
  'an answer whose required part hangs has failed when its time is up, where the others are $optional, $kept (kept), $bare (not kept)',
  async (one) => expectAnswer(one, expectedInTimeOf(one)),
);
