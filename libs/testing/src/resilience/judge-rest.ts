import { problems } from '@facet/errors';
import { compareAnswers } from './compare-answers.js';
import type { Cell, Reply } from './endpoint.js';

/** What is wrong with the reply of a route, in words. */
export function judgeRest(reply: Reply, cell: Cell): string[] {
  switch (cell.outcome) {
    case 'whole':
      return judgeWhole(reply, cell);
    case 'problem':
      return judgeProblem(reply, cell);
    case 'degraded':
    case 'stale':
      return judgeDegraded(reply, cell);
    case 'partial':
      return ['partial is for fields of GraphQL: a route is degraded'];
  }
}

/** judgeWhole: as if nothing were the matter, whatever kind of answer it is. */
export function judgeWhole({ status, headers, body }: Reply, { healthy }: Cell): string[] {
  const { missing, changed } = compareAnswers(healthy.body, body);
  return [
    ...differs('status', status, healthy.status),
    ...[...missing, ...changed].map((at) => `the body differs at ${at || '/'}`),
    ...['facet-degraded', 'content-type', 'cache-control'].flatMap((name) => differs(name, headers.get(name), healthy.headers.get(name))),
  ];
}

/** judgeDegradedHeaders: the headers by which an answer says what it does without: this dependency, for this reason, and no other. */
export function judgeDegradedHeaders({ headers }: Reply, { dependency, reason }: Cell): string[] {
  const said = new Set((headers.get('facet-degraded') ?? 'nothing').split(', '));
  return [
    ...differs('facet-degraded', [...said].join(', '), `${dependency};reason=${reason}`),
    ...differs('cache-control', headers.get('cache-control'), 'no-store'),
    ...differs('etag', headers.get('etag'), null),
  ];
}

/** differs: what differs from what is wanted, as one line. */
export function differs(what: string, is: unknown, wanted: unknown): string[] {
  return JSON.stringify(is) === JSON.stringify(wanted) ? [] : [`${what} is ${JSON.stringify(is)}, not ${JSON.stringify(wanted)}`];
}

function judgeProblem({ status, headers, body }: Reply, { code }: Cell): string[] {
  const problem = problems[code];
  const { requestId, ...rest } = (body ?? {}) as Readonly<Record<string, unknown>>;
  return [
    ...differs('status', status, problem.status),
    ...differs('content-type', headers.get('content-type'), 'application/problem+json; charset=utf-8'),
    ...differs('the problem', rest, { type: `/errors/${code}`, title: problem.title, status: problem.status, code }),
    ...(typeof requestId === 'string' ? [] : ['the problem has no requestId']),
    ...differs('cache-control', headers.get('cache-control'), 'no-store'),
    ...differs(
      'retry-after',
      headers.get('retry-after'),
      problem.retryAfterSeconds === undefined ? null : String(problem.retryAfterSeconds),
    ),
    ...differs('facet-degraded', headers.get('facet-degraded'), null),
  ];
}

function judgeDegraded(reply: Reply, cell: Cell): string[] {
  const { degraded, ...parts } = (reply.body ?? {}) as Readonly<Record<string, unknown>>;
  const { degraded: _, ...whole } = (cell.healthy.body ?? {}) as Readonly<Record<string, unknown>>;
  const { missing, changed } = compareAnswers(whole, parts);
  return [
    ...differs('status', reply.status, cell.healthy.status),
    ...differs('degraded', degraded, [cell.dependency]),
    ...judgeDegradedHeaders(reply, cell),
    ...changed.map((at) => `${at} is neither as it was nor null`),
    ...(missing.length > 0 || cell.outcome === 'stale' ? [] : ['nothing is missing']),
  ];
}
