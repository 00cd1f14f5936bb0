import { problems, type ProblemCode } from '@facet/errors';
import { z } from 'zod';
import { documentSchema, type JsonSchema } from './json-schema.js';
import type { Route } from './route.js';
import { uploadType } from './upload.decorator.js';

/** OpenApiInfo: what the document says about the API as a whole. */
export interface OpenApiInfo {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
}

type Json = Record<string, unknown>;
type Schemas = Record<string, JsonSchema>;

const always: readonly ProblemCode[] = ['internal-error'];
const whereCallersAreKnown: readonly ProblemCode[] = [
  ...(['unauthenticated', 'forbidden', 'insufficient-scope', 'quota-exceeded'] as const),
  ...(['dependency-failed', 'dependency-unavailable', 'deadline-exceeded'] as const),
];

/** openApi: the OpenAPI 3.1 document of these routes: the same schemas that check inputs and shape answers, the access, limit and problems of each. */
export function openApi(routes: readonly Route[], { title, version, description }: OpenApiInfo): Json {
  const schemas: Schemas = { Problem: documentSchema(Problem, 'output', {}) };
  const paths: Record<string, Json> = {};
  // What the application is for comes before health and documents.
  const ordered = [...routes].sort((a, b) => Number(a.access.public) - Number(b.access.public));
  for (const route of ordered) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title, version, ...(description ? { description } : {}) },
    tags: [...new Set(ordered.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: { schemas, securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  };
}

const Problem = z
  .object({
    type: z.string().meta({ description: 'The page of this kind of error', examples: ['/errors/not-found'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional(),
    code: z.enum(Object.keys(problems) as ProblemCode[]),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
  })
  .meta({ description: 'Problem details, RFC 9457' });

function operation(route: Route, schemas: Schemas): Json {
  const { access, inputs, returns, name, tag, budgetMs } = route;
  const parameters = [...parametersOf('path', inputs.path, schemas), ...parametersOf('query', inputs.query, schemas)];
  return {
    operationId: name.replace(/Controller\./, '_'),
    tags: [tag],
    ...(returns.summary ? { summary: returns.summary } : {}),
    ...(returns.description ? { description: returns.description } : {}),
    ...(parameters.length ? { parameters } : {}),
    ...(inputs.body ? { requestBody: { required: true, content: jsonContent(documentSchema(inputs.body, 'input', schemas)) } } : {}),
    ...(inputs.upload ? { requestBody: { required: true, content: { [uploadType]: { schema: files } } } } : {}),
    responses: { ...successes(route, schemas), ...failures(route) },
    security: access.public ? [] : [{ bearer: access.scopes }],
    ...(access.public ? {} : { 'x-limit': access.limit, 'x-budget-ms': budgetMs }),
  };
}

const files: Json = {
  type: 'object',
  properties: { file: { type: 'array', items: { type: 'string', format: 'binary' } } },
  required: ['file'],
};

function parametersOf(place: 'path' | 'query', schema: z.ZodType | undefined, schemas: Schemas): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = documentSchema(schema, 'input', schemas);
  return Object.entries(properties).map(([name, { description, ...described }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description ? { description } : {}),
    schema: described,
  }));
}

function successes({ method, returns }: Route, schemas: Schemas): Json {
  const schema = returns.schema && documentSchema(returns.schema, 'output', schemas);
  const raw = Object.fromEntries(returns.types.map((type) => [type.split(';')[0]!, {}]));
  const content = schema ? jsonContent(schema) : raw;
  const hasContent = Object.keys(content).length > 0;
  const kept = method === 'GET' && schema !== undefined;
  const headersOf = (status: number) => ({
    ...(kept && status === 200 ? keptHeaders : {}),
    ...(schema?.properties?.['degraded'] ? degradedHeader : {}),
  });
  const answers = [returns.status, ...returns.also].map((status) => {
    const headers = headersOf(status);
    const described = { description: titles[status] ?? 'Done', ...(Object.keys(headers).length ? { headers } : {}) };
    return [status, { ...described, ...(hasContent ? { content } : {}) }] as const;
  });
  return { ...Object.fromEntries(answers), ...(kept ? { 304: { description: titles[304], headers: keptHeaders } } : {}) };
}

const text = (description: string) => ({ description, schema: { type: 'string' } });
const keptHeaders: Json = {
  ETag: text('Strong; send it back in `If-None-Match`. Absent where the answer is degraded.'),
  'Cache-Control': text('How long it may be kept: `no-store` where it is degraded.'),
};
const degradedHeader: Json = {
  'Facet-Degraded': text('What the answer had to do without, and why: `presence;reason=timeout`. Absent where it is whole.'),
};

const titles: Readonly<Record<number, string>> = {
  200: 'As asked',
  201: 'Created',
  202: 'Accepted',
  204: 'Done; there is nothing to say',
  206: 'The range that was asked for',
  304: 'Nothing changed since the ETag in `If-None-Match`',
};

function failures(route: Route): Json {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set(problemsOf(route))) {
    const { status } = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, failure(codes)]));
}

function problemsOf({ access, inputs, returns }: Route): ProblemCode[] {
  return [
    ...always,
    ...(inputs.path || inputs.query || inputs.body || inputs.upload || !access.public ? (['invalid-request'] as const) : []),
    ...(access.public ? [] : whereCallersAreKnown),
    ...(inputs.path ? (['not-found'] as const) : []),
    ...(inputs.body || inputs.upload ? (['payload-too-large', 'unsupported-media-type', 'validation-failed'] as const) : []),
    ...returns.problems,
  ];
}

function failure(codes: readonly ProblemCode[]): Json {
  const retry = codes.some((code) => problems[code].retryAfterSeconds !== undefined);
  return {
    description: codes.map((code) => `${problems[code].title} (\`${code}\`)`).join('; or: '),
    ...(retry ? { headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } } } : {}),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

function jsonContent(schema: JsonSchema): Json {
  return { 'application/json': { schema } };
}
