import { InternalTokenMinter, newCaller, newPartnerKey, type CallerFields } from '@facet/auth';
import { VerifyKeyResponse } from '@facet/contracts/keys';
import { idOf, type TestDatabase, userIds } from '@facet/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Tables } from '../src/store/tables.js';
import { runCommand } from '../src/upkeep/run-command.js';
import {
  demoWorld,
  encryptionKeys,
  identityDatabase,
  partner,
  partnerBffRootKey,
  rootKey,
  startIdentity,
  type Identity,
} from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
let key: string;
const partnerBff = { subject: 'partner-bff', kind: 'service', client: 'partner-bff', scopes: [], roles: [] } as const;

beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database);
  await identity.post('/dev/accounts', demoWorld());
});
beforeEach(async () => {
  await database.db.deleteFrom('partner_key').execute();
  await database.db.updateTable('account').set({ role: 'user', status: 'active' }).where('id', '=', partner.botId).execute();
  const order = ['--client', partner.clientId, '--name', 'Test', '--scopes', 'read:rooms write:messages', '--networks', '192.0.2.0/24'];
  key = await runCommand(
    'create-key',
    database.db,
    { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey, FACET_ENV: 'development' },
    order,
  );
});
afterAll(() => identity.stop());

interface Asking {
  readonly as?: CallerFields;
  readonly issuer?: string;
  readonly audience?: string;
  readonly rootKey?: Uint8Array;
}

async function ask(
  path: string,
  body: unknown,
  { as = partnerBff, issuer = 'partner-bff', audience = 'identity-provider', ...how }: Asking = {},
) {
  const minter = new InternalTokenMinter({ issuer, rootKey: how.rootKey ?? partnerBffRootKey });
  const authorization = `Bearer ${await minter.mint(newCaller(as), audience)}`;
  const headers = { 'content-type': 'application/json', authorization };
  const response = await fetch(`${identity.url}/keys/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: (text ? JSON.parse(text) : undefined) as Record<string, unknown>,
  };
}
const verify = async (text: string) => VerifyKeyResponse.fromJSON((await ask('verify', { key: text })).body).key;
const change = (set: Record<string, unknown>) => database.db.updateTable('partner_key').set(set).execute();

describe('a key that lives', () => {
  it('speaks for the bot of its partner, with its own scopes and networks, as its contract says', async () => {
    const [row] = await database.db.selectFrom('partner_key').select(['id', 'expires_at']).execute();
    const { status, headers, body } = await ask('verify', { key });
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { key: told, asOf } = VerifyKeyResponse.fromJSON(body);
    expect(told).toEqual({
      id: row!.id,
      clientId: partner.clientId,
      subject: partner.botId,
      roles: ['user'],
      scopes: ['read:rooms', 'write:messages'],
      networks: ['192.0.2.0/24'],
      expiresAt: row!.expires_at,
    });
    expect(Math.abs(Date.now() - asOf!.getTime())).toBeLessThan(10_000);
  });

  it('has the role that its bot has now, and no scope that the role does not allow', async () => {
    await database.db.updateTable('account').set({ role: 'guest' }).where('id', '=', partner.botId).execute();
    expect(await verify(key)).toMatchObject({ roles: ['guest'], scopes: ['read:rooms'] });
  });

  it('remembers when it was last used, whatever the order of the reports, and never a time that has not come', async () => {
    const { id } = (await verify(key))!;
    const usedAt = async () => (await database.db.selectFrom('partner_key').select('used_at').executeTakeFirstOrThrow()).used_at;
    const report = (...times: string[]) => ask('uses', { uses: times.map((usedAt) => ({ keyId: id, usedAt })) });
    expect((await report('2026-01-02T00:00:00.000Z')).status).toBe(204);
    await report('2026-01-01T00:00:00.000Z');
    expect(await usedAt()).toEqual(new Date('2026-01-02T00:00:00.000Z'));
    await report('2999-01-01T00:00:00.000Z');
    expect((await usedAt())!.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
    expect((await ask('uses', { uses: [{ keyId: idOf(9), usedAt: '2026-01-01T00:00:00.000Z' }] })).status).toBe(204);
    expect((await ask('uses', {})).status).toBe(204);
  });
});

it('the demo world brings a key of its own, kept once, and somebody who manages it', async () => {
  const apiKey = newPartnerKey('test');
  const world = demoWorld();
  const demo = { ...world, partner: { ...world.partner, apiKey, admins: ['alice'] } };
  for (let time = 0; time < 2; time += 1) expect((await identity.post('/dev/accounts', demo)).status).toBe(200);
  expect(await verify(apiKey)).toMatchObject({ clientId: partner.clientId, scopes: expect.arrayContaining(['write:rooms']) });
  expect(await database.db.selectFrom('partner_key').select('id').execute()).toHaveLength(2);
  expect(await database.db.selectFrom('partner_admin').select('account_id').execute()).toEqual([{ account_id: userIds.alice }]);
  const live = { ...demo, partner: { ...demo.partner, apiKey: newPartnerKey('live') } };
  expect((await identity.post('/dev/accounts', live)).status).toBe(422);
});

describe('there is no such key', () => {
  it.each([
    ['that was revoked', () => change({ revoked_at: new Date() })],
    ['that has expired', () => change({ expires_at: new Date() })],
    ['whose bot is locked', () => database.db.updateTable('account').set({ status: 'locked' }).where('id', '=', partner.botId).execute()],
  ])('%s', async (_, end) => {
    await end();
    expect(await verify(key)).toBeUndefined();
  });

  it('that nobody made, that has a typo, or that is of another environment', async () => {
    const swapped = key.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x'));
    for (const text of [newPartnerKey('test'), newPartnerKey('live'), swapped, '', 'x']) expect(await verify(text)).toBeUndefined();
  });

  it('for who has a copy of the database but not the root key', async () => {
    await change({ key_hash: sql`translate(encode(sha256(${key}::bytea), 'base64'), '+/=', '-_')` });
    expect(await verify(key)).toBeUndefined();
  });
});

describe('nobody is answered but partner-bff, as itself', () => {
  it.each<[string, Asking]>([
    ['on behalf of a bot', { as: { ...partnerBff, kind: 'bot', subject: partner.botId, client: partner.clientId } }],
    ['on behalf of a person', { as: { ...partnerBff, kind: 'user', subject: userIds.alice, client: partner.clientId } }],
    ['as a person of its own name', { as: { ...partnerBff, kind: 'user' } }],
    ['in the name of another', { as: { ...partnerBff, subject: 'importer' } }],
    ['as another application', { issuer: 'mobile-bff', as: { ...partnerBff, subject: 'mobile-bff' } }],
    ['with a token for somebody else', { audience: 'rooms-service' }],
    ['with another key', { rootKey }],
  ])('%s', async (_, asking) => {
    for (const path of ['verify', 'uses']) {
      const { status, text } = await ask(path, path === 'verify' ? { key } : { uses: [] }, asking);
      expect([status, text]).toEqual([401, expect.not.stringContaining(partner.clientId)]);
    }
  });

  it('without a token', async () => {
    const body = JSON.stringify({ key });
    const { status } = await fetch(`${identity.url}/keys/verify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(status).toBe(401);
  });

  it('and a question that is refused does not repeat the key', async () => {
    for (const body of [{ key, more: key }, { key: key.repeat(9) }, [key], key]) {
      const { status, text } = await ask('verify', body);
      expect([status, text]).toEqual([422, expect.not.stringContaining(key.slice(15))]);
    }
  });
});
