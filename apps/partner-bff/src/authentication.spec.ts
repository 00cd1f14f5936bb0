import { AccessTokens, ClientCertificates, newPartnerKey, Revocations } from '@facet/auth';
import { expect, it } from 'vitest';
import { aKey } from '../test/keys.fixtures.js';
import { authentication } from './authentication.js';
import { KeyUses } from './keys/key-uses.js';
import { KnownKeys } from './keys/known-keys.js';

function table() {
  const identity = { verify: async () => ({ key: aKey(), asOf: new Date() }), report: async () => undefined };
  const keys = new KnownKeys(identity, new Revocations(), 'test');
  const tokens = new AccessTokens({ issuer: 'http://issuer.test', audience: 'partner-bff' });
  return { keys, steps: authentication({ tokens, certificates: new ClientCertificates([]), keys, uses: new KeyUses(identity) }) };
}

it('looks at the URL first, then reads the credential, then asks about a key, then about a token', async () => {
  const { steps } = table();
  expect(steps.map(({ name }) => name)).toEqual([
    'refuse a credential in the URL',
    'read the access token',
    'recall or ask for the partner key',
    'recall or verify the access token',
    'prove the certificate',
    'admit the caller',
  ]);
});

it('a key that is remembered is admitted without waiting, and no later step sees it', async () => {
  const key = newPartnerKey('test');
  const { keys, steps } = table();
  const known = await keys.find(key, '192.0.2.1');
  const request = { method: 'GET', url: '/api/v1/rooms', headers: { authorization: `Bearer ${key}` } };
  const attempt: Parameters<(typeof steps)[0]['run']>[0] = { request, reply: { header: () => undefined } };
  expect(steps.map((step) => step.run(attempt))).toEqual(steps.map(() => undefined));
  expect(attempt.caller).toBe(known!.caller);
  expect(attempt.credential).toBeUndefined();
});
