import { problems } from '@facet/errors';
import { compareAnswers, differs, judgeDegradedHeaders, judgeWhole, type Cell, type Reply } from '@facet/testing/resilience';

interface GraphqlBody {
  readonly data?: object | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
  readonly extensions?: { readonly degraded?: readonly string[] };
}

/** What is wrong with the reply to a query or mutation, in words. */
export function judgeGraphql(reply: Reply, cell: Cell): string[] {
  switch (cell.outcome) {
    case 'whole':
      return judgeWhole(reply, cell);
    case 'problem':
      return judgeProblem(reply, cell);
    case 'partial':
      return judgePartial(reply, cell);
    case 'degraded':
    case 'stale':
      return judgeDegraded(reply, cell);
  }
}

function judgeProblem(reply: Reply, cell: Cell): string[] {
  const { status, retryAfterSeconds } = problems[cell.code];
  return [
    ...judgeMissing(reply, cell, { status, codes: [cell.code] }),
    ...differs('data', bodyOf(reply).data, null),
    ...differs('retry-after', reply.headers.get('retry-after'), retryAfterSeconds === undefined ? null : String(retryAfterSeconds)),
  ];
}

function judgePartial(reply: Reply, cell: Cell): string[] {
  const { missing, changed } = compareData(reply, cell);
  return [
    ...judgeMissing(reply, cell, { status: 200, codes: [cell.code] }),
    ...changed.map((at) => `${at} is neither as it was nor null`),
    ...(missing.length > 0 ? [] : ['nothing is missing']),
  ];
}

/** What may not be null has something that stands for it. */
function judgeDegraded(reply: Reply, cell: Cell): string[] {
  const { missing, changed } = compareData(reply, cell);
  return [
    ...judgeMissing(reply, cell, { status: 200, codes: [] }),
    ...(missing.length + changed.length > 0 || cell.outcome === 'stale' ? [] : ['nothing is missing']),
  ];
}

function judgeMissing(reply: Reply, cell: Cell, wanted: { readonly status: number; readonly codes: readonly string[] }): string[] {
  const { errors = [], extensions } = bodyOf(reply);
  return [
    ...differs('status', reply.status, wanted.status),
    ...differs('content-type', reply.headers.get('content-type'), 'application/graphql-response+json; charset=utf-8'),
    ...differs('the codes of its errors', [...new Set(errors.map(({ extensions }) => extensions?.code))], wanted.codes),
    ...differs('degraded', extensions?.degraded, [cell.dependency]),
    ...judgeDegradedHeaders(reply, cell),
  ];
}

function compareData(reply: Reply, { healthy }: Cell) {
  return compareAnswers(bodyOf(healthy).data, bodyOf(reply).data);
}

function bodyOf({ body }: Reply): GraphqlBody {
  return typeof body === 'object' && body !== null ? body : {};
}
