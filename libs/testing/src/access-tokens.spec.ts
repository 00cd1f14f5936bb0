import { AccessTokenVerifier } from '@facet/auth';
import { expect, it, onTestFinished } from 'vitest';
import { startIssuer } from './access-tokens.js';
import { callerOf } from './callers.js';

it('a token of the test issuer is accepted by the BFF of its client, and makes the caller that tests speak of', async () => {
  const { issuer, issue, stop } = await startIssuer();
  onTestFinished(stop);
  const token = await issue({ user: 'alice', client: 'mobile-app' });
  expect(await new AccessTokenVerifier({ issuer, audience: 'mobile-bff' }).verify(token)).toEqual({
    ...callerOf('alice'),
    token: expect.any(String),
    issuedAt: expect.any(Number),
  });
  await expect(new AccessTokenVerifier({ issuer, audience: 'web-bff' }).verify(token)).rejects.toMatchObject({ code: 'unauthenticated' });
});

it('a token can be narrowed, or spoilt on purpose', async () => {
  const { issuer, issue, stop } = await startIssuer();
  onTestFinished(stop);
  const verifier = new AccessTokenVerifier({ issuer, audience: 'partner-bff' });
  const narrow = await issue({ user: 'carol', client: 'demo-partner', scope: 'read:rooms' });
  expect(await verifier.verify(narrow)).toMatchObject({ client: 'demo-partner', scopes: ['read:rooms'] });
  const bound = await issue({ user: 'carol', client: 'demo-partner', claims: { cnf: { jkt: 'x' } } });
  await expect(verifier.verify(bound)).rejects.toMatchObject({ code: 'unauthenticated' });
});
