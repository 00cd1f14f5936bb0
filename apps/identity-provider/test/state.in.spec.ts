import { randomBytes } from 'node:crypto';
import type { TestDatabase } from '@facet/testing';
import type { AdapterPayload } from 'oidc-provider';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { Vault } from '../src/keys/vault.js';
import { AlreadySeen, isAlreadyConsumed, StateAdapter } from '../src/oidc/state-adapter.js';
import type { Tables } from '../src/store/tables.js';
import { reEncrypt } from '../src/upkeep/re-encrypt.js';
import { removeExpired } from '../src/upkeep/remove-expired.js';
import { identityDatabase } from './start-identity.js';

const firstKey = randomBytes(32);
const vault = new Vault({ 1: firstKey });
let database: TestDatabase<Tables>;
beforeAll(async () => {
  database = await identityDatabase();
  const account = { id: accountId, username: 'a', name: 'A', role: 'user', kind: 'person', created_at: new Date() } as const;
  await database.db.insertInto('account').values(account).execute();
});

const adapter = (model: string) => new StateAdapter(database.db, vault, model);
const accountId = '01900000-0000-7000-8000-00000000000a';
const stored = async (model: string, id: string, payload: Partial<AdapterPayload> = {}, expiresIn = 60) => {
  await adapter(model).upsert(id, { jti: id, kind: model, ...payload } as AdapterPayload, expiresIn);
  return id;
};

describe('what oidc-provider keeps', () => {
  it('is found again by id, by uid and by user code, and not as another model', async () => {
    await stored('Session', 'session-1', { uid: 'uid-1', accountId });
    await stored('DeviceCode', 'device-1', { userCode: 'CODE' });
    expect(await adapter('Session').find('session-1')).toMatchObject({ jti: 'session-1', uid: 'uid-1', accountId });
    expect(await adapter('Session').findByUid('uid-1')).toMatchObject({ jti: 'session-1' });
    expect(await adapter('DeviceCode').findByUserCode('CODE')).toMatchObject({ jti: 'device-1' });
    expect(await adapter('RefreshToken').find('session-1')).toBeUndefined();
  });

  it('shows a copy of the database neither ids nor contents', async () => {
    await stored('RefreshToken', 'the-token-itself', { grantId: 'the-grant', scope: 'read:rooms' });
    const { rows } = await sql<{ row: string }>`select oidc_state::text as row from oidc_state`.execute(database.db);
    const copy = rows.map(({ row }) => row).join('\n');
    const hex = (text: string) => Buffer.from(text).toString('hex');
    for (const secret of ['the-token-itself', 'the-grant', 'read:rooms'])
      expect([copy.includes(secret), copy.includes(hex(secret))]).toEqual([false, false]);
  });

  it('is consumed once, by one of twenty that try at once', async () => {
    await stored('RefreshToken', 'once');
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => adapter('RefreshToken').consume('once')));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const attempt of attempts) if (attempt.status === 'rejected') expect(isAlreadyConsumed(attempt.reason as Error)).toBe(true);
    expect(await adapter('RefreshToken').find('once')).toMatchObject({ consumed: expect.any(Number) });
  });

  it('cannot be consumed where it never was', async () => {
    await expect(adapter('AuthorizationCode').consume('nothing')).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('stays consumed when it is stored again', async () => {
    await stored('AuthorizationCode', 'code');
    await adapter('AuthorizationCode').consume('code');
    await stored('AuthorizationCode', 'code');
    expect(await adapter('AuthorizationCode').find('code')).toHaveProperty('consumed');
  });

  it('goes with its grant, and nothing of another grant does', async () => {
    await stored('RefreshToken', 'of-a', { grantId: 'a' });
    await stored('RefreshToken', 'of-b', { grantId: 'b' });
    await adapter('RefreshToken').revokeByGrantId('a');
    expect(await adapter('RefreshToken').find('of-a')).toBeUndefined();
    expect(await adapter('RefreshToken').find('of-b')).toBeDefined();
    await adapter('RefreshToken').destroy('of-b');
    expect(await adapter('RefreshToken').find('of-b')).toBeUndefined();
  });
});

describe('a replay', () => {
  it('is seen by all but one of twenty that come at once', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => stored('ReplayDetection', 'jti-1')));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const attempt of attempts) if (attempt.status === 'rejected') expect(attempt.reason).toBeInstanceOf(AlreadySeen);
  });

  it('is none once the first has expired', async () => {
    await stored('ReplayDetection', 'jti-2', {}, -1);
    await expect(stored('ReplayDetection', 'jti-2')).resolves.toBe('jti-2');
    await expect(stored('ReplayDetection', 'jti-2')).rejects.toThrow(AlreadySeen);
  });
});

it('what has expired is removed in batches, by replicas at once, and nothing else', async () => {
  await database.db.deleteFrom('oidc_state').execute();
  const sealed = vault.seal('{}', 'x');
  const row = (index: number) => ({ model: 'Interaction', id_hash: `old-${index}`, ...sealed, expires_at: new Date(Date.now() - 1_000) });
  for (let begin = 0; begin < 2_500; begin += 500) {
    await database.db
      .insertInto('oidc_state')
      .values(Array.from({ length: 500 }, (_, index) => row(begin + index)))
      .execute();
  }
  await stored('Interaction', 'still-good');
  const removed = await Promise.all([removeExpired(database.db), removeExpired(database.db)]);
  await removeExpired(database.db);
  expect(removed[0]! + removed[1]!).toBeGreaterThan(1_000);
  expect(await database.db.selectFrom('oidc_state').select('model').execute()).toHaveLength(1);
});

it('all that an older key sealed is sealed with the newest one by the command, and opens without the older one', async () => {
  await database.db.deleteFrom('oidc_state').execute();
  for (let index = 0; index < 250; index++) await stored('Grant', `grant-${index}`, { accountId });
  const [second] = [randomBytes(32)];
  expect(await reEncrypt(database.db, new Vault({ 1: firstKey, 2: second }))).toBe(250);
  expect(await reEncrypt(database.db, new Vault({ 1: firstKey, 2: second }))).toBe(0);
  const alone = new StateAdapter(database.db, new Vault({ 2: second }), 'Grant');
  expect(await alone.find('grant-249')).toMatchObject({ accountId });
});
