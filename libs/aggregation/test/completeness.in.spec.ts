import { Controller, Get, Module, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Access } from '@facet/auth';
import type { Caller } from '@facet/context';
import { LastGood } from '@facet/downstream';
import { httpServer, PathParams, RequestContext, Returns } from '@facet/edge';
import { GrpcStatus } from '@facet/errors';
import { silentLogger } from '@facet/observability';
import { startApp, type RunningApp } from '@facet/service-kit';
import { failureOf } from '@facet/service-kit/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { gather, optional, required, stale } from '../src/index.js';
import { cases, dependencyOf, expectedOf, kinds, outcomes, rules, type Case, type Kind, type Outcome } from './rules.fixtures.js';

const nothing = Buffer.alloc(0);
const form = { encode: (answer: unknown) => Buffer.from(String(answer)), decode: (bytes: Buffer) => bytes.toString() };
const statuses = { error: 'UNAVAILABLE', timeout: 'DEADLINE_EXCEEDED', invalid: 'INTERNAL' } as const;
const refusals = { required: 'NOT_FOUND', optional: 'PERMISSION_DENIED', kept: 'NOT_FOUND', bare: 'PERMISSION_DENIED' } as const;

/** A call to the dependency of a part, which ends as gRPC calls end. */
async function call(kind: Kind, outcome: Outcome): Promise<string> {
  if (outcome === 'ok') return 'fresh';
  const name = outcome === 'refused' ? refusals[kind] : statuses[outcome];
  throw failureOf(dependencyOf[kind], { code: GrpcStatus[name], details: 'no' });
}

const Path = z.object(
  Object.fromEntries(kinds.map((kind) => [kind, z.enum(outcomes)])) as Record<Kind, z.ZodEnum<Record<Outcome, Outcome>>>,
);
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
  async get(@PathParams(Path) one: Case, @RequestContext() context: RequestContext) {
    const keeping = (kind: Kind, within: RequestContext, ask: () => Promise<string>) =>
      this.lastGood.orKept(within, `/${kind}`, nothing, ask, form) as Promise<string>;
    await keeping('kept', context, async () => 'old');
    const { degraded, ...parts } = await gather(context, {
      required: required(() => call('required', one.required)),
      optional: optional(() => call('optional', one.optional)),
      kept: stale((within) => keeping('kept', within, () => call('kept', one.kept)), { maxAgeMs: 60_000 }),
      bare: stale((within) => keeping('bare', within, () => call('bare', one.bare)), { maxAgeMs: 60_000 }),
    });
    const values = { required: parts.required, optional: parts.optional ?? null, kept: parts.kept ?? null, bare: parts.bare ?? null };
    return { ...values, lacking: degraded.map(({ part, reason }) => `${part}: ${reason}`).sort(), degraded: context.degraded() };
  }
}

/** Each case has a caller of its own, so that nobody has what another one's case left. */
class TrustingGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<{ url: string; caller?: Caller }>();
    request.caller = { subject: request.url, kind: 'user', client: 'mobile-app', scopes: ['read:rooms'], roles: ['user'] };
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

async function answerTo(one: Case, headers: Record<string, string> = {}) {
  const path = kinds.map((kind) => one[kind]).join('/');
  const response = await fetch(`http://127.0.0.1:${app.port}/${path}`, { headers });
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

describe('the table of rules', () => {
  it('has all 625 cases', () => {
    expect(new Set(cases.map((one) => JSON.stringify(one))).size).toBe(625);
  });
  it('says something of every part and outcome', () => {
    expect(kinds.flatMap((kind) => outcomes.map((outcome) => rules[kind][outcome])).every(Boolean)).toBe(true);
  });
});

describe.each(outcomes)('an answer whose required part is %s', (outcome) => {
  const some = cases.filter(({ required }) => required === outcome);
  it.each(some)('where the others are $optional, $kept (kept), $bare (not kept)', async (one) => {
    const { body, ...expected } = expectedOf(one);
    const seen = await answerTo(one);
    expect(seen).toEqual({ ...expected, body: seen.status === 200 ? body : (expect.objectContaining(body) as object) });
  });
});
