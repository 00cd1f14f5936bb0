import { describe, expect, inject, it } from 'vitest';
import { Person, type Answer } from '../src/person.js';

const demo = inject('demo');
const alice = new Person(demo, 'alice');
const general = demo.rooms['general']!;
const json = { 'content-type': 'application/json' };

const mobilePath = `/v1/rooms/${general}/messages`;
const partnerPath = `/api/v1/rooms/${general}/messages`;

const bodies: [string, number[], RequestInit][] = [
  ['broken JSON', [400], { body: '{"text":', headers: json }],
  ['a body of 2 MiB', [413], { body: JSON.stringify({ text: 'x'.repeat(2 * 1024 * 1024) }), headers: json }],
  ['a wrong content type', [415], { body: 'text=hello', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
  ['no body', [400, 422], { headers: json }],
  ['an array', [422], { body: '[]', headers: json }],
  ['invalid UTF-8', [400, 422], { body: Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), headers: json }],
];

const texts: [string, unknown][] = [
  ['a text of 5,000 characters', 'x'.repeat(5_000)],
  ['an empty text', ''],
  ['a NUL character', 'a\0b'],
  ['a number for a text', 7],
];

function isProblem({ status, headers, body }: Answer, expected: readonly number[]): void {
  expect(expected).toContain(status);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({ status, code: expect.any(String), title: expect.any(String), requestId: expect.any(String) });
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\.js:|\.ts:|    at /);
}

describe.each([
  ['mobile', mobilePath, 'text', { clientId: crypto.randomUUID() }],
  ['partner', partnerPath, 'content', {}],
] as const)('%s answers with a problem that says what is wrong to', (api, path, field, others) => {
  it.each(bodies)('%s', async (_, expected, init) => isProblem(await alice.raw(api, 'POST', path, init), expected));

  it.each(texts)('%s', async (_, value) => {
    const answer = await alice.raw(api, 'POST', path, { body: JSON.stringify({ ...others, [field]: value }), headers: json });
    isProblem(answer, [422]);
    expect(answer.body.errors[0].pointer).toBe(`/${field}`);
  });

  it('a lone surrogate', async () => {
    const body = `{"${field}":"\\ud800"${Object.entries(others)
      .map(([key, value]) => `,"${key}":"${value}"`)
      .join('')}}`;
    isProblem(await alice.raw(api, 'POST', path, { body, headers: json }), [422]);
  });

  it('an unknown field', async () => {
    const answer = await alice.raw(api, 'POST', path, { body: JSON.stringify({ ...others, [field]: 'hi', admin: true }), headers: json });
    isProblem(answer, [422]);
    expect(JSON.stringify(answer.body.errors)).toContain('admin');
  });
});

describe('a bad address or query is a problem', () => {
  it.each([
    ['a bad UUID', 'mobile', '/v1/rooms/not-a-uuid', [400]],
    ['a forged cursor', 'mobile', `/v1/rooms/${general}?before=Zm9yZ2Vk`, [400]],
    ['limit=-1', 'mobile', `/v1/rooms/${general}?limit=-1`, [400]],
    ['limit=101', 'mobile', `/v1/rooms/${general}?limit=101`, [400]],
    ['an unknown parameter', 'mobile', `/v1/rooms/${general}?admin=1`, [400]],
    ['a path that cannot be decoded', 'mobile', '/v1/rooms/%E0%A4%A', [400]],
    ['an unknown route', 'mobile', '/v1/nothing', [404]],
    ['a bad UUID', 'partner', '/api/v1/rooms/not-a-uuid', [400]],
    ['a forged cursor', 'partner', '/api/v1/rooms?cursor=Zm9yZ2Vk', [400]],
    ['limit=-1', 'partner', '/api/v1/rooms?limit=-1', [400]],
    ['an unknown order', 'partner', '/api/v1/rooms?order=random', [400]],
  ] as const)('%s (%s %s)', async (_, api, path, expected) => isProblem(await alice.raw(api, 'GET', path), expected));

  it('a method that the route does not know names those that it does', async () => {
    const answer = await alice.raw('mobile', 'DELETE', '/v1/home');
    isProblem(answer, [405]);
    expect(answer.headers.get('allow')).toContain('GET');
  });
});

describe('GraphQL says what is wrong with', () => {
  const send = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { id } }';
  const input = (content: unknown) => alice.graphql(send, { input: { roomId: general, content } });

  it.each([
    ['a text of 5,000 characters', 'x'.repeat(5_000)],
    ['an empty text', ''],
    ['a NUL character', 'a\0b'],
    ['a lone surrogate', '\ud800'],
  ])('%s', async (_, content) => {
    const { status, body } = await input(content);
    expect(status).toBeLessThan(500);
    expect(body.code ?? body.errors[0].extensions.code).toBe('validation-failed');
  });

  it('a bad id, a forged cursor, a field that does not exist and a query that cannot be parsed', async () => {
    for (const query of ['{ room(id: "nope") { id } }', `{ rooms(after: "Zm9yZ2Vk") { edges { cursor } } }`, '{ secrets }', '{ me {']) {
      const { status, body } = await alice.graphql(query);
      expect(status).toBeLessThan(500);
      expect(body.errors[0].extensions.code).toMatch(/invalid-request|validation-failed/);
    }
  });

  it('broken JSON, a wrong content type and a body of 2 MiB', async () => {
    for (const [expected, init] of [
      [400, { body: '{', headers: json }],
      [415, { body: '{ me { id } }', headers: { 'content-type': 'text/plain' } }],
      [413, { body: JSON.stringify({ query: `{ me { id } } #${'x'.repeat(2 * 1024 * 1024)}` }), headers: json }],
    ] as const) {
      expect((await alice.raw('web', 'POST', '/graphql', init)).status).toBe(expected);
    }
  });
});
