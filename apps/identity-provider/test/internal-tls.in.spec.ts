import { request } from 'node:https';
import { deriveInternalKey, InternalTokenMinter, newCaller } from '@facet/auth';
import { Certificates, readFiles, type TlsFiles } from '@facet/certs';
import type { TestDatabase } from '@facet/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tables } from '../src/store/tables.js';
import { identityDatabase, partnerBffRootKey, rootKey, startIdentity, type Identity } from './start-identity.js';

let made: Certificates;
let database: TestDatabase<Tables>;
let identity: Identity;
beforeAll(async () => {
  made = await Certificates.make();
  database = await identityDatabase();
  const keys = { 'partner-bff': [deriveInternalKey(partnerBffRootKey, 'identity-provider')], 'web-bff': [rootKey] };
  identity = await startIdentity(database, 'development', {
    ...(await made.of('identity-provider')),
    INTERNAL_PORT: 0,
    INTERNAL_KEYS: keys,
  });
});
afterAll(async () => {
  await identity.stop();
  await database.close();
  made.remove();
});

const minter = new InternalTokenMinter({ issuer: 'partner-bff', rootKey: partnerBffRootKey });
const partnerBff = newCaller({ subject: 'partner-bff', kind: 'service', client: 'partner-bff', scopes: [], roles: [] });
const headers = () => ({ 'content-type': 'application/json', authorization: `Bearer ${minter.mint(partnerBff, 'identity-provider')}` });

/** What partner-bff's question gets over the connection of whoever has these files: a status, or nothing. */
function ask(files: Partial<TlsFiles>): Promise<number | undefined> {
  const { port } = new URL(identity.listening['internal']!);
  const own = files.TLS_CERT_FILE ? readFiles(files as TlsFiles) : { rejectUnauthorized: false };
  return new Promise((resolve) => {
    const asking = request({ port, path: '/keys/verify', method: 'POST', headers: headers(), agent: false, ...own });
    asking.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asking.on('error', () => resolve(undefined)).end('{"key":"facet_test_nothing"}');
  });
}

it('with a certificate, the issuer answers partner-bff over its own connection alone', async () => {
  expect(await ask(await made.of('partner-bff'))).toBe(200);
  expect(await ask(await made.of('web-bff'))).toBe(401);
  expect(await ask(await made.of('mobile-bff'))).toBeUndefined();
  expect(await ask({})).toBeUndefined();
});

it('and what it is asked in the clear is refused, token or not', async () => {
  expect((await identity.post('/keys/verify', { key: 'facet_test_nothing' }, headers())).status).toBe(401);
  expect((await fetch(`${identity.url}/jwks`)).status).toBe(200);
});
