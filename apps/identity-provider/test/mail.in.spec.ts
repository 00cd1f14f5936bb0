import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '@facet/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Vault } from '../src/keys/vault.js';
import { PostOffice, type Letter, type Send, type TextMessage, type Way } from '../src/mail/post-office.js';
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

describe('a text message', () => {
  const now = 1_800_000_000_000;
  const instead = { to: 'zoe@example.org', subject: 'Code', text: '654321' };
  const message: TextMessage = { phone: '+4915123456789', text: '123456', until: now + 600_000, instead };
  const gone: (Letter | TextMessage)[] = [];
  const letters: Way<Letter> = { send: async (each) => void gone.push(each), keepsSent: false };
  const reached: Way<TextMessage> = { send: async (each) => void gone.push(each), keepsSent: false };
  const unreached: Way<TextMessage> = { send: () => Promise.reject(new Error('no gateway')), keepsSent: false };
  const office = (sms: Way<TextMessage> | undefined, at = now) => new PostOffice(database.db, vault, { letter: letters, sms }, () => at);
  const waiting = () => database.db.selectFrom('mail').selectAll().execute();
  beforeEach(() => void gone.splice(0));

  it('leaves once, whatever number of replicas deliver, and rests sealed until then', async () => {
    await office(reached).write(database.db, message);
    const [row] = await waiting();
    expect(JSON.stringify(row) + row!.sealed.toString()).not.toMatch(/4915123456789|123456|zoe/);
    await Promise.all([office(reached).deliver(), office(reached).deliver()]);
    expect(gone).toEqual([message]);
    expect(await waiting()).toEqual([]);
  });

  it.each([
    ['the gateway fails', unreached],
    ['there is no gateway any more', undefined],
  ])('goes as a letter at once where %s', async (_, sms) => {
    const sender = office(sms);
    await sender.post(message);
    await sender.deliver();
    expect(gone).toEqual([instead]);
    expect(await waiting()).toEqual([]);
  });

  it('whose letter cannot leave either waits as that letter, for whichever replica comes then', async () => {
    const failing = new PostOffice(
      database.db,
      vault,
      { letter: { send: () => Promise.reject(new Error('no server')), keepsSent: false }, sms: unreached },
      () => now,
    );
    await failing.post(message);
    await failing.deliver();
    expect(await waiting()).toMatchObject([{ kind: 'letter', tries: 1 }]);
    await database.db
      .updateTable('mail')
      .set({ send_after: new Date(0) })
      .execute();
    await office(reached).deliver();
    expect(gone).toEqual([instead]);
  });

  it('without a letter is tried again later, and not after it has become useless', async () => {
    const failing = office(unreached);
    await failing.post({ ...message, instead: undefined });
    await failing.deliver();
    expect(await waiting()).toMatchObject([{ kind: 'sms', tries: 1 }]);
    const again = () =>
      database.db
        .updateTable('mail')
        .set({ send_after: new Date(0) })
        .execute();
    await again();
    await office(reached, message.until).deliver();
    expect([gone, await waiting()]).toEqual([[], []]);
  });

  it('that died with its replica leaves later', async () => {
    await office(reached).write(database.db, message);
    const never: Way<TextMessage> = { send: () => new Promise(() => {}), keepsSent: false };
    void office(never).deliver();
    await expect.poll(async () => (await waiting())[0]?.tries).toBe(1);
    await office(reached).deliver();
    expect(gone).toEqual([]);
    await database.db
      .updateTable('mail')
      .set({ send_after: new Date(0) })
      .execute();
    await office(reached).deliver();
    expect(gone).toEqual([message]);
  });

  it('that does not leave holds up no letter', async () => {
    const slow = Promise.withResolvers<void>();
    const sender = office({ send: () => slow.promise, keepsSent: false });
    await Promise.all(Array.from({ length: 6 }, () => sender.post(message)));
    await sender.post(letter);
    await expect.poll(() => gone).toEqual([letter]);
    slow.resolve();
    await sender.deliver();
  });
});
