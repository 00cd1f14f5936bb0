import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '@facet/testing';
import { sql } from 'kysely';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { CodeLimits } from '../src/mail/code-limits.js';
import type { Tables } from '../src/store/tables.js';
import { identityDatabase } from './start-identity.js';

const rootKey = randomBytes(32);
let database: TestDatabase<Tables>;
let replicas: CodeLimits[];
beforeAll(async () => {
  database = await identityDatabase();
  replicas = [1, 2, 3].map(() => new CodeLimits(database.db, rootKey, { to: 5, account: 10, from: 60 }));
});
beforeEach(() => database.db.deleteFrom('code_limit').execute());

const at = (index: number) => replicas[index % replicas.length]!;
/** As if so much time had passed. */
const later = (seconds: number) =>
  database.db
    .updateTable('code_limit')
    .set({ free_at: sql<Date>`free_at - make_interval(secs => ${seconds})` })
    .execute();

it.each([
  ['to', 5],
  ['account', 10],
  ['from', 60],
] as const)('by %s there are %d an hour, asked for at the same moment at all replicas, and then a wait', async (what, most) => {
  const answers = await Promise.all(Array.from({ length: most + 7 }, (_, index) => at(index).count(what, 'zoe@example.org')));
  expect(answers.filter((each) => each === undefined)).toHaveLength(most);
  const { waitSeconds } = answers.find((each) => each !== undefined)!;
  expect(waitSeconds).toBeGreaterThan(3_600 / most - 30);
  expect(waitSeconds).toBeLessThanOrEqual(3_600 / most);
});

it('what was waited for is one more, and an hour is all of them', async () => {
  for (let count = 0; count < 5; count++) expect(await at(count).count('to', 'zoe')).toBeUndefined();
  await later(721);
  expect(await at(0).count('to', 'zoe')).toBeUndefined();
  expect(await at(1).count('to', 'zoe')).toBeDefined();
  await later(3_601);
  for (let count = 0; count < 5; count++) expect(await at(count).count('to', 'zoe')).toBeUndefined();
  expect(await at(1).count('to', 'zoe')).toBeDefined();
});

it('an address is the same however it is written, another is not, and none can be read from the row', async () => {
  for (const to of ['zoe@example.org', ' ZOE@example.org', 'Zoe@Example.org', 'zoe@example.org ', 'ZOE@EXAMPLE.ORG'])
    await at(0).count('to', to);
  expect(await at(0).count('to', 'zoe@example.org')).toBeDefined();
  expect(await at(0).count('to', 'other@example.org')).toBeUndefined();
  expect(await at(0).count('account', 'zoe@example.org')).toBeUndefined();
  expect(JSON.stringify(await database.db.selectFrom('code_limit').selectAll().execute())).not.toContain('zoe');
});
