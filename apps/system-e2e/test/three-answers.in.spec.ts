import { join } from 'node:path';
import { expect, inject, it } from 'vitest';
import { Person, type Answer } from '../src/person.js';

const demo = inject('demo');
const alice = new Person(demo, 'alice');
const page = join(import.meta.dirname, '../../../docs/three-answers.md');

const query = `query ($id: ID!) {
  room(id: $id) {
    name type topic unreadCount(userId: "${alice.id}")
    members { username }
    messages(first: 2) { edges { node { content user { username } reactions { emoji count mine } createdAt } } pageInfo { hasNextPage } }
  }
}`;

/** Cursors are sealed with a key of the installation: what is inside is nobody's business, and differs. */
function shown({ body }: Answer): string {
  const text = JSON.stringify(body, (key, value) => (['next', 'endCursor', 'cursor'].includes(key) && value ? '…' : value), 2);
  return ['```json', text.replaceAll(/cursor=[^"&]+/g, 'cursor=…').replaceAll(demo.urls.partner, 'http://localhost:4003'), '```'].join(
    '\n',
  );
}

it('the same room, asked of the three, is as docs/three-answers.md shows it', async () => {
  const { body } = await alice.partner('GET', '/rooms?limit=100');
  const { id } = body.data.find(({ name }: { name: string }) => name === 'music');
  const answers = {
    mobile: await alice.mobile('GET', `/rooms/${id}?limit=2`),
    web: await alice.graphql(query, { id }),
    room: await alice.partner('GET', `/rooms/${id}`),
    messages: await alice.partner('GET', `/rooms/${id}/messages?order=desc&limit=2`),
  };
  for (const { status } of Object.values(answers)) expect(status).toBe(200);
  const text = `# Three answers

The room \`music\` of the demo world, asked by alice of the three APIs in the same moment. Written by the journey \`three-answers\` of system-e2e, which fails when this page is not what the system says.

## mobile-bff: one screen, cut and counted

\`GET /v1/rooms/${id}?limit=2\`

${shown(answers.mobile)}

## web-bff: the page picks what it shows

\`\`\`graphql
${query}
\`\`\`

${shown(answers.web)}

## partner-bff: complete, linked and stable

\`GET /api/v1/rooms/${id}\`

${shown(answers.room)}

\`GET /api/v1/rooms/${id}/messages?order=desc&limit=2\`

${shown(answers.messages)}
`;
  await expect(text).toMatchFileSnapshot(page);
});
