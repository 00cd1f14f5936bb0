import { sql, type Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { testDatabase } from '../src/index.js';

interface Tables {
  note: { id: number; text: string };
}

const migrations = {
  '0001_note': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('note')
        .addColumn('id', 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
        .addColumn('text', 'text')
        .execute(),
  },
};

test('a test database is migrated, in its own schema, as the role of the application', async () => {
  const { db } = await testDatabase<Tables>({ schema: 'notes', migrations });
  await db
    .insertInto('note')
    .values({ text: 'a' } as never)
    .execute();
  expect(await db.selectFrom('note').selectAll().execute()).toEqual([{ id: 1, text: 'a' }]);
  const { rows } = await sql`select current_user as role, current_schema as schema`.execute(db);
  expect(rows).toEqual([{ role: 'notes_service', schema: 'notes' }]);
});

test('two test databases share nothing', async () => {
  const [one, two] = await Promise.all([
    testDatabase<Tables>({ schema: 'notes', migrations }),
    testDatabase<Tables>({ schema: 'notes', migrations }),
  ]);
  await one.db
    .insertInto('note')
    .values({ text: 'a' } as never)
    .execute();
  expect(await two.db.selectFrom('note').selectAll().execute()).toEqual([]);
});
