import { expect, inject, it } from 'vitest';
import { Person, until, type Answer } from '../src/person.js';
import { runCommand } from '../src/running-facet.js';

const demo = inject('demo');
const installation = { home: inject('home'), portOffset: inject('portOffset'), databaseUrl: inject('databaseUrl') };
const walter = { id: '01900000-0000-7000-8000-00000000f1f1', username: 'walter', name: 'Walter', email: 'walter@demo.example' };
const apis = ['mobile', 'web', 'partner'] as const;
/** More than what lies between a server and a reader who has stopped reading. */
const bytes = 20 * 1024 * 1024;
const revokedWithinMs = 1_000;

type Api = (typeof apis)[number];
const ownPath: Record<Api, string> = { mobile: '/v1/profile', web: '/bff/user', partner: `/api/v1/users/${walter.id}` };
const contentPath = (api: Api, id: string) => `${api === 'partner' ? '/api' : ''}/v1/attachments/${id}/content`;

it('who is locked out is refused by the next call in each API, and what is open for him is cut, within a second', async () => {
  const opened = { accounts: [{ ...walter, role: 'user', kind: 'person', openedAt: new Date().toISOString() }] };
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(opened) };
  expect((await fetch(`${demo.urls.identity}/dev/accounts`, init)).ok).toBe(true);
  const self = new Person(demo, walter.username);
  const call = (api: Api) => self.raw(api, 'GET', ownPath[api]);
  const known = ({ status }: Answer) => status === 200;
  for (const api of apis) expect((await until(() => call(api), known, 5_000)).status).toBe(200);

  const form = new FormData();
  form.append('file', new Blob(['a'.repeat(bytes)], { type: 'text/plain' }), 'long.txt');
  const uploaded = await self.raw('mobile', 'POST', '/v1/attachments', { body: form });
  const streams = await Promise.all(apis.map((api) => self.open(api, contentPath(api, uploaded.body.attachments[0].id))));
  const readers = streams.map(({ status, body }) => {
    expect(status).toBe(200);
    return body!.getReader();
  });
  await Promise.all(readers.map((reader) => reader.read()));

  expect((await runCommand(installation, 'identity', 'lock', walter.username)).output).toContain(walter.username);
  const ended = Promise.all(
    apis.map((api) =>
      until(
        () => call(api),
        ({ status }) => status === 401,
        revokedWithinMs,
      ),
    ),
  );
  expect((await ended).map(({ status }) => status)).toEqual([401, 401, 401]);
  for (const reader of readers) await expect(toItsEnd(reader)).rejects.toThrow();
});

async function toItsEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  while (!(await reader.read()).done);
}
