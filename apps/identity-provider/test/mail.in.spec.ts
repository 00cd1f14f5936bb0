import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '@facet/testing';
import { beforeEach, expect, it } from 'vitest';
import { Vault } from '../src/keys/vault.js';
import { PostOffice, type Letter, type Send } from '../src/mail/post-office.js';
import type { Tables } from '../src/store/tables.js';
import { identityDatabase } from './start-identity.js';

const vault = new Vault({ 1: randomBytes(32) });
const letter = { to: 'zoe@example.org', subject: 'Code', text: '123456' };
let database: TestDatabase<Tables>;
const officeOf = (send: Send<Letter>) => new PostOffice(database.db, vault, { letter: { send, keepsSent: false } });
beforeEach(async () => {
  database = await identityDatabase();
});

it('a letter leaves once, whatever number of replicas deliver, and is forgotten then', async () => {
  const sent: Letter[] = [];
  const send = async (each: Letter) => void sent.push(each);
  const offices = [1, 2, 3].map(() => officeOf(send));
  await Promise.all(offices.map((office, index) => office.post({ ...letter, text: String(index) })));
  await Promise.all(offices.map((office) => office.deliver()));
  expect(sent.map(({ text }) => text).sort()).toEqual(['0', '1', '2']);
  expect(await database.db.selectFrom('mail').select('id').execute()).toEqual([]);
});

it('a letter that could not leave is tried again later, by whichever replica comes then', async () => {
  const failing = officeOf(() => Promise.reject(new Error('no server')));
  await failing.post(letter);
  await failing.deliver();
  const sent: Letter[] = [];
  const office = officeOf(async (each) => void sent.push(each));
  await office.deliver();
  expect(sent).toEqual([]);
  await database.db.updateTable('mail').set({ send_after: new Date() }).execute();
  await office.deliver();
  expect(sent).toEqual([letter]);
});

it('a letter that is leaving locks nothing, is sent by nobody else, and comes again should its replica die', async () => {
  const sent: string[] = [];
  const second = officeOf(async () => void sent.push('second'));
  const rows = () => database.db.selectFrom('mail').select(['id', 'tries']).forUpdate().noWait().execute();
  const first = officeOf(async () => {
    expect(await rows()).toMatchObject([{ tries: 1 }]);
    await second.deliver();
    expect(sent).toEqual([]);
    await database.db
      .updateTable('mail')
      .set({ send_after: new Date(0) })
      .execute();
    await second.deliver();
    sent.push('first');
  });
  await first.post(letter);
  await first.deliver();
  expect(sent).toEqual(['second', 'first']);
});
