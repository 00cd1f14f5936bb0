import { scopesOf } from '@facet/auth';
import { routesOf } from '@facet/edge';
import type { RunningApp } from '@facet/service-kit';
import { FixedWindows } from '@facet/throttling';
import { vi } from 'vitest';
import type { EndpointRequest } from '../resilience/endpoint.js';
import { restEndpoints, type RestExamples } from '../resilience/rest-endpoints.js';
import type { AccessLine } from './access-suite.js';

/** Visitor: who asks a BFF. All but `anonymous` and `no scope` are of that role, with a token that covers everything. */
export type Visitor = 'anonymous' | 'no scope' | 'guest' | 'user' | 'moderator' | 'admin';

/** visitors: in the order of the page. */
export const visitors: readonly Visitor[] = ['anonymous', 'no scope', 'guest', 'user', 'moderator', 'admin'];

const scope = scopesOf(['admin', 'user']).join(' ');

/** tokenOf: whose token a visitor sends, and what it covers; nothing for nobody. */
export const tokenOf = {
  anonymous: undefined,
  'no scope': { user: 'alice', scope: 'openid' },
  guest: { user: 'gina', scope },
  user: { user: 'carol', scope },
  moderator: { user: 'bob', scope },
  admin: { user: 'alice', scope },
} as const satisfies Record<Visitor, unknown>;

/** AskBff: sends a request as somebody, and says what came back and how many calls of services it took. */
export type AskBff<Person extends string> = (
  request: EndpointRequest,
  person: Person,
) => Promise<{ status: number; body: unknown; calls: number }>;

/** routeLines: every route of a running BFF, by what it declares. What a service was asked for, the BFF did not refuse. */
export function routeLines<Person extends string>(
  app: RunningApp['app'],
  examples: RestExamples,
  ask: AskBff<Person>,
): AccessLine<Person>[] {
  const routes = new Map(routesOf(app).map((route) => [`${route.method} ${route.path}`, route]));
  return restEndpoints(app, examples).map(({ name, request }) => {
    const { access } = routes.get(name)!;
    const rule = access.public ? 'public' : [...access.scopes, access.rule].filter(Boolean).join(', ') || 'signed in';
    return { name, rule, ask: async (person) => wordOf(await ask(request, person)) };
  });
}

/** wordOf: `yes` unless the BFF itself refused: then the code, which 401 and 403 have. */
export function wordOf({ status, body, calls }: Awaited<ReturnType<AskBff<string>>>): string {
  if (calls > 0 || (status !== 401 && status !== 403)) return 'yes';
  const { code } = body as { code?: unknown };
  return typeof code === 'string' ? code : `${status} without a code`;
}

/** withoutLimits: visitors come often, and limits have tests of their own. */
export function withoutLimits(): void {
  vi.spyOn(FixedWindows.prototype, 'hit').mockReturnValue({ totalHits: 1, timeToExpire: 60, isBlocked: false, timeToBlockExpire: 0 });
}
