import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Secrets } from './secrets.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'facet-secrets-'));
});
afterEach(() => rmSync(home, { recursive: true }));

it('secrets are made once and read by their owner alone', () => {
  const made = Secrets.in(home);
  const before = [made.partnerSecret, made.partnerKey, made.rootKey('mobile-bff'), made.databasePassword('users_service')];
  const again = Secrets.in(home);
  expect([again.partnerSecret, again.partnerKey, again.rootKey('mobile-bff'), again.databasePassword('users_service')]).toEqual(before);
  expect(statSync(join(home, 'secrets.json')).mode & 0o777).toBe(0o600);
});

it('two installations share none', () => {
  const other = mkdtempSync(join(tmpdir(), 'facet-secrets-'));
  expect(Secrets.in(other).rootKey('mobile-bff')).not.toBe(Secrets.in(home).rootKey('mobile-bff'));
  rmSync(other, { recursive: true });
});

it('each pair of BFF and service has a key of its own', () => {
  const secrets = Secrets.in(home);
  const keys = ['mobile-bff', 'web-bff'].flatMap((issuer) =>
    ['users-service', 'rooms-service'].map((service) => secrets.internalKey(issuer, service)),
  );
  expect(new Set(keys).size).toBe(4);
});

it('what an older version kept serves on, with what is new beside it', () => {
  writeFileSync(
    join(home, 'secrets.json'),
    JSON.stringify({ rootKeys: { 'web-bff': 'kept' }, databasePasswords: {}, partnerSecret: 'kept too' }),
  );
  const secrets = Secrets.in(home);
  expect([secrets.rootKey('web-bff'), secrets.partnerSecret]).toEqual(['kept', 'kept too']);
  expect(secrets.encryptionKeys('identity-provider')).toEqual({ 1: expect.stringMatching(/^[\w-]{43}$/) });
  expect(Secrets.in(home).encryptionKeys('identity-provider')).toEqual(secrets.encryptionKeys('identity-provider'));
});

it('the key of a client is made once', () => {
  const secrets = Secrets.in(home);
  expect(secrets.clientKey('web-app')).toMatchObject({ kty: 'EC', crv: 'P-256', d: expect.any(String), kid: expect.any(String) });
  expect(Secrets.in(home).clientKey('web-app')).toEqual(secrets.clientKey('web-app'));
});
