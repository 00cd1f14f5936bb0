import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { Person } from '../src/person.js';
import { runCommand } from '../src/running-facet.js';

const demo = inject('demo');
const alice = new Person(demo, 'alice');
const folder = mkdtempSync(join(tmpdir(), 'facet-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const installation = { home: inject('home'), portOffset: inject('portOffset') };
const speeches = [
  ['Benvolio', 'Part, fools!\nPut up your swords; you know not what you do.'],
  ['Tybalt', 'What, art thou drawn among these heartless hinds?'],
  ['Benvolio', 'I do but keep the peace.'],
  ['Tybalt', 'What, drawn, and talk of peace?'],
  ['Benvolio', 'I do but keep the peace.'],
  ['Lady Capulet', 'A crutch, a crutch! – why call you for a sword? '.repeat(12).trim()],
] as const;
const ndjson = speeches.map(([user, text]) => JSON.stringify({ room: 'Act 1, Scene 1', user, text })).join('\n');

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function roomsCalled(name: string, topic: string): Promise<{ id: string }[]> {
  const found: { id: string; name: string | null; topic: string | null }[] = [];
  for (let path: string | null = '/rooms?limit=100'; path;) {
    const { body } = await alice.partner('GET', path);
    found.push(...body.data);
    path = body.page.next && `/rooms?limit=100&cursor=${encodeURIComponent(body.page.next)}`;
  }
  return found.filter((room) => room.name === name && room.topic === topic);
}

it('an imported scene is whole and in order in the three APIs, and importing it again changes nothing', async () => {
  const path = file('verona.ndjson', `${ndjson}\n`);
  for (const time of ['first', 'second']) {
    const { code, output } = await runCommand(installation, 'import', path);
    expect(code, output).toBe(0);
    expect(output).toContain(time === 'first' ? '6 new messages of 6' : '0 new messages of 6');
  }
  const rooms = await roomsCalled('Act 1, Scene 1', 'verona');
  expect(rooms).toHaveLength(1);
  const { id } = rooms[0]!;
  const texts = speeches.map(([, text]) => text);

  const partner = await alice.partner('GET', `/rooms/${id}/messages`);
  expect(partner.body.data.map(({ content }: { content: string }) => content)).toEqual(texts);
  const web = await alice.graphql(
    'query ($id: ID!) { room(id: $id) { messages(first: 100) { edges { node { content user { profile { name } } } } } } }',
    { id },
  );
  const nodes = web.body.data.room.messages.edges.map(({ node }: { node: { content: string; user: { profile: { name: string } } } }) => [
    node.user.profile.name,
    node.content,
  ]);
  expect(nodes.reverse()).toEqual(speeches);
  const { messages } = (await alice.mobile('GET', `/rooms/${id}?limit=100`)).body;
  expect(messages[0]).toMatchObject({ truncated: true });
  const whole = await Promise.all(
    messages.map(async (message: { id: string }) => (await alice.mobile('GET', `/rooms/${id}/messages/${message.id}`)).body.text),
  );
  expect(whole.reverse()).toEqual(texts);
});

it('two files with the same scene make two rooms', async () => {
  await runCommand(installation, 'import', file('mantua.ndjson', ndjson));
  expect(await roomsCalled('Act 1, Scene 1', 'mantua')).toHaveLength(1);
  expect(await roomsCalled('Act 1, Scene 1', 'verona')).toHaveLength(1);
});

it('a file with a bad line is refused whole, each bad line named, unless it is told to skip them', async () => {
  const path = file('broken.ndjson', `${ndjson}\n{"room":"Act 2"}\nnonsense\n`);
  const refused = await runCommand(installation, 'import', path);
  expect(refused.code).toBe(1);
  expect(refused.output).toMatch(/line 7 .*\n.*line 8 is not JSON/);
  expect(await roomsCalled('Act 1, Scene 1', 'broken')).toEqual([]);
  expect((await runCommand(installation, 'import', path, '--skip-bad')).output).toContain('6 new messages of 6');
});
