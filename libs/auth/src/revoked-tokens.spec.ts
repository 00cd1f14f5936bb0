import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { InternalTokenMinter } from './internal-token-minter.js';
import { InternalTokenVerifier } from './internal-token-verifier.js';
import { deriveInternalKey } from './internal-token.js';
import { newCaller } from './new-caller.js';
import { Revocations, revocationLivesMs } from './revocations.js';

const rootKey = randomBytes(32);
const issuedAt = Math.floor(Date.now() / 1_000) - 60;
const [alice, other] = ['s1', 's2'].map((session) =>
  newCaller({ subject: 'alice', kind: 'user', client: 'mobile-app', scopes: ['read:rooms'], roles: ['user'], session, issuedAt }),
) as [ReturnType<typeof newCaller>, ReturnType<typeof newCaller>];

const aService = () => {
  const minter = new InternalTokenMinter({ issuer: 'mobile-bff', rootKey });
  const keys = { 'mobile-bff': deriveInternalKey(rootKey, 'rooms-service') };
  const verifier = new InternalTokenVerifier({ audience: 'rooms-service', keys });
  const revocations = new Revocations();
  verifier.heed(revocations);
  const end = () => revocations.revoke({ kind: 'session', id: 's1', before: Date.now(), until: Date.now() + revocationLivesMs });
  return { minter, verifier, end };
};
const refused = expect.objectContaining({ code: 'forbidden' });

it('an internal token of a caller who was revoked is refused, remembered or new, and no other', () => {
  const { minter, verifier, end } = aService();
  const [known, others] = [alice, other].map((caller) => minter.mint(caller, 'rooms-service')) as [string, string];
  expect(verifier.identify(known)).toEqual(alice);
  end();
  expect(() => verifier.identify(known)).toThrow(refused);
  expect(() => verifier.identify(aService().minter.mint(alice, 'rooms-service'))).toThrow(refused);
  expect(verifier.identify(others)).toEqual(other);
});

it('nothing is remembered of a caller who was revoked: tokens that were minted for him are not given again', () => {
  const { minter } = aService();
  const tokens = [alice, other].map((caller) => minter.mint(caller, 'rooms-service'));
  minter.forgetCallers(({ session }) => session === 's3');
  expect([alice, other].map((caller) => minter.peek(caller, 'rooms-service'))).toEqual(tokens);
  minter.forgetCallers(({ session }) => session === 's1');
  expect(minter.peek(alice, 'rooms-service')).toBeUndefined();
  expect(minter.mint(other, 'rooms-service')).toBe(tokens[1]);
});
