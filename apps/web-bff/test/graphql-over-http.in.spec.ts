import { getIntrospectionQuery } from 'graphql';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roomIds, startWebApp } from './web-app.fixtures.js';

let web: Awaited<ReturnType<typeof startWebApp>>;
let development: typeof web;
beforeAll(async () => {
  web = await startWebApp();
  development = await startWebApp({ environment: 'development' });
});
beforeEach(() => web.reset());
afterAll(async () => {
  await web.stop();
  await development.stop();
});

const modern = 'application/graphql-response+json';
const json = 'application/json';

async function post(body: BodyInit, headers: Record<string, string> = {}) {
  const response = await fetch(web.url, {
    method: 'POST',
    headers: { ...(await web.credential()), 'content-type': json, ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, type: response.headers.get('content-type'), text: await response.text() };
}
async function get(parameters: Record<string, string>, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(`${web.url}?${new URLSearchParams(parameters)}`, {
    method,
    headers: { ...(await web.credential()), ...headers },
  });
  return { status: response.status, headers: response.headers, type: response.headers.get('content-type'), text: await response.text() };
}

describe("graphql-http's audit of the specification", () => {
  // The first edition (September 2026) prefers the new type where the client does not care, and 422 for what is readable and wrong.
  const overtaken = new Set(['47DE', '80D8', '74FF', '86EE']);
  // Ours: a body that breaks its schema is a 422 problem everywhere in Facet.
  const oursDiffer = /^(423L|LKJ\d|6C0\d|4760\d?|476\d|58B\d|3E3A)$/;
  const audits = serverAudits({
    // Some audits ask for the schema, which production does not show.
    url: () => development.url,
    fetchFn: async (url: string, init: RequestInit = {}) =>
      fetch(url, {
        ...init,
        headers: { ...(init.headers as Record<string, string>), ...(await development.credential()) },
      }),
  }).filter(({ id }) => !overtaken.has(id) && !oursDiffer.test(id));

  it.each(audits.map((audit) => [audit.id, audit.name, audit.fn] as const))('%s %s', async (_id, _name, run) => {
    const result = await run();
    expect(result.status === 'ok' ? 'ok' : result.reason).toBe('ok');
  });
});

describe('media types', () => {
  it.each([
    [modern, modern],
    [json, json],
    ['*/*', modern],
    [`${modern};q=0.4, ${json};q=0.5`, json],
  ])('accepting %s gets %s', async (accept, type) => {
    const { status, type: answered, headers } = await post('{"query":"{ me { id } }"}', { accept });
    expect([status, answered]).toEqual([200, `${type}; charset=utf-8`]);
    expect(headers.get('vary')).toContain('accept');
  });

  it('that we do not have are a 406 problem', async () => {
    const { status, type } = await post('{"query":"{ me { id } }"}', { accept: 'text/html' });
    expect([status, type]).toEqual([406, expect.stringContaining('application/problem+json')]);
  });
});

describe('requests that yield no data', () => {
  it.each([
    ['{', 400, 'invalid-request'],
    ['{ nothing }', 422, 'validation-failed'],
    ['query A { me { id } } query B { me { id } }', 422, 'validation-failed'],
    ['query ($id: ID!) { room(id: $id) { id } }', 422, 'validation-failed'],
    ['{ room(id: "general") { id } }', 422, 'validation-failed'],
    ['{ rooms(first: -1) { pageInfo { hasNextPage } } }', 422, 'validation-failed'],
    ['{ rooms(first: 101) { pageInfo { hasNextPage } } }', 422, 'validation-failed'],
    ['{ rooms(after: "forged") { pageInfo { hasNextPage } } }', 400, 'invalid-request'],
    ['{ __schema { types { name } } }', 422, 'validation-failed'],
    ['subscription { messageAdded(roomId: "1") { id } }', 422, 'validation-failed'],
    ['{ me { rooms { messages(first: 100) { edges { node { room { members { id } } } } } } } }', 400, 'query-too-costly'],
  ])('%s is %i %s, and 200 for the old media type', async (query, status, code) => {
    const answer = await post(JSON.stringify({ query }), { accept: modern });
    expect([answer.status, JSON.parse(answer.text).errors[0].extensions.code]).toEqual([status, code]);
    expect((await post(JSON.stringify({ query }), { accept: json })).status).toBe(200);
  });

  it('reach no service', async () => {
    await post(JSON.stringify({ query: '{ me { rooms { messages(first: 100) { edges { node { room { members { id } } } } } } } }' }));
    expect(Object.values(web.services).flatMap(({ calls }) => Object.keys(calls))).toEqual([]);
  });

  it('name the cursor that is forged', async () => {
    const { text } = await post(
      JSON.stringify({ query: `{ room(id: "${roomIds[1]}") { name messages(after: "Zm9yZ2Vk") { edges { cursor } } } }` }),
    );
    expect(JSON.parse(text)).toMatchObject({
      data: { room: { name: 'room-39', messages: null } },
      errors: [{ path: ['room', 'messages'], extensions: { code: 'invalid-request' } }],
    });
  });
});

describe('GET', () => {
  it('answers a query with variables', async () => {
    const { status, text } = await get({
      query: 'query A($id: ID!) { room(id: $id) { id } } query B { me { id } }',
      operationName: 'A',
      variables: JSON.stringify({ id: roomIds[1] }),
    });
    expect([status, JSON.parse(text)]).toEqual([200, { data: { room: { id: roomIds[1] } } }]);
  });

  it('never carries out a mutation', async () => {
    const { status, type, headers } = await get({ query: `mutation { leaveRoom(id: "${roomIds[1]}") }` });
    expect([status, type, headers.get('allow')]).toEqual([405, expect.stringContaining('problem+json'), 'POST']);
    expect(web.services.rooms.calls).toEqual({});
  });

  it.each([
    [{}],
    [{ query: '{ me { id } }', colour: 'red' }],
    [{ query: '{ me { id } }', variables: 'nonsense' }],
    [{ query: '{ me { id } }', variables: '[]' }],
  ])('with %j is a 400 problem', async (parameters) => {
    const { status, type } = await get(parameters as Record<string, string>);
    expect([status, type]).toEqual([400, expect.stringContaining('problem+json')]);
  });
});

describe('what is no GraphQL request', () => {
  it.each([
    ['broken JSON', '{"query":', {}, 400, 'invalid-request'],
    ['no query', '{}', {}, 422, 'validation-failed'],
    ['a list', '[{"query":"{ me { id } }"}]', {}, 422, 'validation-failed'],
    ['variables in a list', '{"query":"{ me { id } }","variables":[]}', {}, 422, 'validation-failed'],
    ['an unknown member', '{"query":"{ me { id } }","colour":"red"}', {}, 422, 'validation-failed'],
    ['NUL in a variable', '{"query":"{ me { id } }","variables":{"a":"\\u0000"}}', {}, 422, 'validation-failed'],
    ['another content type', 'query={me{id}}', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported-media-type'],
    ['2 MiB', JSON.stringify({ query: '#'.repeat(2 ** 21) }), {}, 413, 'payload-too-large'],
  ])('such as %s, is a problem', async (_, body, headers, status, code) => {
    const answer = await post(body, headers);
    expect([answer.status, answer.type]).toEqual([status, expect.stringContaining('application/problem+json')]);
    expect(JSON.parse(answer.text)).toMatchObject({ status, code, requestId: expect.any(String) });
  });

  it('such as another method, is 405 with what is allowed', async () => {
    const { status, headers } = await get({}, {}, 'DELETE');
    expect(status).toBe(405);
    expect(headers.get('allow')).toMatch(/GET.*POST/);
  });
});

describe('in development', () => {
  it('a browser gets GraphiQL, which may talk to nobody but us', async () => {
    const response = await fetch(development.url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*connect-src 'self'/);
    expect(await response.text()).toContain('YogaGraphiQL.renderYogaGraphiQL');
  });

  it('the schema can be read whole', async () => {
    const { status, body } = await development.ask(getIntrospectionQuery());
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(body.data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
  });
});

it('in production a browser gets no GraphiQL', async () => {
  const response = await fetch(web.url, { headers: { accept: 'text/html' } });
  expect(response.status).toBe(401);
});
