import { randomBytes } from 'node:crypto';
import { AccessTokenVerifier } from '@facet/auth';
import { userIds, type TestDatabase } from '@facet/testing';
import { decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { PersonalData } from '../src/accounts/personal-data.js';
import { rotateIfDue } from '../src/keys/signing-keys.js';
import { Vault } from '../src/keys/vault.js';
import type { Tables } from '../src/store/tables.js';
import { runCommand } from '../src/upkeep/run-command.js';
import { Upkeep } from '../src/upkeep/upkeep.js';
import { askToken, demoWorld, encryptionKeys, identityDatabase, issuer, rootKey, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
beforeEach(async () => {
  database = await identityDatabase();
});

const settings = { ENCRYPTION_KEYS: encryptionKeys, ROOT_KEY: rootKey };
const rotate = () => runCommand('rotate-signing-keys', database.db, settings);
const age = (column: 'created_at' | 'current_since', interval: string) =>
  sql`update signing_key set ${sql.ref(column)} = now() - ${interval}::interval where state in ('next', 'current')`.execute(database.db);
const upkeep = (identity: Identity) => identity.app.get(Upkeep, { strict: false }).run();
const kidOf = async (identity: Identity) => decodeProtectedHeader(String((await askToken(identity.url, {})).body.access_token)).kid!;
const published = async (identity: Identity) =>
  ((await (await fetch(`${identity.url}/jwks`)).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);

describe('the signing keys', () => {
  it('rotate by command: what the old key signed stays good, what the new one signs was announced before', async () => {
    const [one, other] = await Promise.all([startIdentity(database), startIdentity(database)]);
    await one.post('/dev/accounts', demoWorld());
    const verifiers = [one, other].map(({ url }) => new AccessTokenVerifier({ issuer, audience: 'partner-bff', jwksUri: `${url}/jwks` }));
    const verify = (token: unknown) => Promise.all(verifiers.map((verifier) => verifier.verify(String(token))));
    const before = (await askToken(one.url, {})).body.access_token;
    await verify(before);
    const announced = await published(other);

    await age('created_at', '10 minutes');
    await rotate();
    await upkeep(one);
    const after = String((await askToken(one.url, {})).body.access_token);

    expect(announced).toContain(decodeProtectedHeader(after).kid);
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(String(before)).kid);
    await verify(after);
    await verify(before);
    // The other replica has not looked yet: it signs with the retired key, which everybody still has.
    expect(await published(one)).toContain(await kidOf(other));
    await upkeep(other);
    expect(await kidOf(other)).toBe(decodeProtectedHeader(after).kid);
    expect(new Set(await published(other))).toEqual(new Set(await published(one)));
    await Promise.all([one.stop(), other.stop()]);
  });

  it('do not rotate while some verifier could not know the next one', async () => {
    const identity = await startIdentity(database);
    await expect(rotate()).rejects.toThrow('too young');
    await identity.stop();
  });

  it('rotate by themselves when the current one is old, once for all replicas', async () => {
    const replicas = await Promise.all([1, 2, 3].map(() => startIdentity(database)));
    await replicas[0]!.post('/dev/accounts', demoWorld());
    await age('created_at', '91 days');
    const before = await kidOf(replicas[0]!);
    await Promise.all(replicas.map(upkeep));
    expect(await kidOf(replicas[0]!)).toBe(before);
    await age('current_since', '91 days');
    await Promise.all(replicas.map(upkeep));
    await Promise.all(replicas.map(upkeep));
    expect(new Set(await Promise.all(replicas.map(kidOf))).size).toBe(1);
    expect(await kidOf(replicas[0]!)).not.toBe(before);
    expect(await database.db.selectFrom('signing_key').select('kid').execute()).toHaveLength(3);
    expect(await rotateIfDue(database.db, new Vault(encryptionKeys), { afterDays: 90 })).toBe(false);
    await Promise.all(replicas.map((replica) => replica.stop()));
  });

  it('are forgotten long after the last thing they signed has expired', async () => {
    const identity = await startIdentity(database);
    await age('created_at', '10 minutes');
    await rotate();
    await upkeep(identity);
    expect(await published(identity)).toHaveLength(3);
    await sql`update signing_key set retired_at = now() - interval '31 days' where state = 'retired'`.execute(database.db);
    await upkeep(identity);
    await upkeep(identity);
    expect(await published(identity)).toHaveLength(2);
    await identity.stop();
  });

  it('of a database from before they were sealed are sealed at the next start and sign on', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = await exportJWK(privateKey);
    await sql`insert into signing_key (kid, private_jwk, state, current_since) values ('old', ${JSON.stringify({ ...jwk, alg: 'ES256', use: 'sig' })}, 'current', now())`.execute(
      database.db,
    );
    await sql`insert into account (id, username, email, name, role, kind, created_at) values (${userIds.alice}, 'alice', 'Alice@demo.example', 'Alice', 'admin', 'person', now())`.execute(
      database.db,
    );
    const identity = await startIdentity(database);
    await identity.post('/dev/accounts', {
      ...demoWorld(),
      accounts: demoWorld().accounts.filter(({ username }) => username === 'demo-partner-bot'),
    });
    expect(await kidOf(identity)).toBe('old');
    const { rows } = await sql<{
      row: string;
    }>`select signing_key::text as row from signing_key union all select account::text from account`.execute(database.db);
    expect(rows.map(({ row }) => row).join()).not.toMatch(new RegExp(`${jwk.d}|demo\\.example`, 'i'));
    await identity.stop();
  });
});

describe('addresses', () => {
  it('rest sealed, are unique whatever their case, and open for who has the key', async () => {
    const identity = await startIdentity(database);
    await identity.post('/dev/accounts', demoWorld());
    const carol = {
      ...demoWorld().accounts[2]!,
      id: '01900000-0000-7000-8000-0000000000cc',
      username: 'carol2',
      email: 'CAROL@demo.example',
    };
    expect((await identity.post('/dev/accounts', { accounts: [carol] })).body).toEqual({ created: 0 });
    const { rows } = await sql<{ row: string }>`select account::text as row from account`.execute(database.db);
    expect(rows.map(({ row }) => row).join()).not.toContain('demo.example');
    const alice = await database.db.selectFrom('account').selectAll().where('username', '=', 'alice').executeTakeFirstOrThrow();
    expect(new PersonalData(new Vault(encryptionKeys), rootKey).emailOf(alice)).toBe('alice@demo.example');
    await identity.stop();
  });

  it('and keys are re-encrypted by command, after which the old key is needed no more', async () => {
    const identity = await startIdentity(database);
    await identity.post('/dev/accounts', demoWorld());
    await identity.stop();
    const [newKey, newRoot] = [randomBytes(32), randomBytes(32)];
    const said = await runCommand('re-encrypt', database.db, { ENCRYPTION_KEYS: { ...encryptionKeys, 2: newKey }, ROOT_KEY: newRoot });
    expect(said).toBe('7 values are sealed with version 2 now, and 5 lookups are new.');
    const alice = await database.db.selectFrom('account').selectAll().where('username', '=', 'alice').executeTakeFirstOrThrow();
    const personal = new PersonalData(new Vault({ 2: newKey }), newRoot);
    expect(personal.emailOf(alice)).toBe('alice@demo.example');
    expect(personal.lookupOf(' ALICE@demo.example')).toBe(alice.email_lookup);
  });
});

it('a command that does not exist names those that do', async () => {
  await expect(runCommand('constructor', database.db, settings)).rejects.toThrow('rotate-signing-keys, re-encrypt');
});

it('a start without the key that sealed the signing keys fails and says which is missing', async () => {
  const identity = await startIdentity(database);
  await identity.stop();
  await expect(startIdentity(database, 'development', { ENCRYPTION_KEYS: { 2: randomBytes(32) } })).rejects.toThrow(/no version 1/);
});
