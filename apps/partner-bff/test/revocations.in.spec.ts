import { revocationLivesMs, type Revocation } from '@facet/auth';
import { Revoked } from '@facet/contracts/revocations';
import { callerOf, idOf, userIds } from '@facet/testing';
import { expect, it } from 'vitest';
import { general, partnerApp } from './start-partner.js';

const app = partnerApp();
const tokenOf = (client: string, jti: string) => app.issuer.issue({ user: { subject: userIds.bob }, client, claims: { jti } });
const revoke = (kind: Revocation['kind'], value: string) =>
  app.events.emit(Revoked, { what: { $case: kind, value }, before: new Date(), until: new Date(Date.now() + revocationLivesMs) });
const statusWith = async (token: string) => (await app.call('GET', general, { token })).status;

it('a token that was revoked is 401, and no other of its application', async () => {
  const [mine, other] = [await tokenOf('demo-partner', 'mine'), await tokenOf('demo-partner', 'other')];
  expect([await statusWith(mine), await statusWith(other)]).toEqual([200, 200]);
  await revoke('token', 'mine');
  expect([await statusWith(mine), await statusWith(other)]).toEqual([401, 200]);
});

it('an application that was shut out is 401 with whatever it has, and no other is', async () => {
  const [over, other] = [await tokenOf('over', 'a'), await tokenOf('demo-partner', 'b')];
  expect([await statusWith(over), await statusWith(other)]).toEqual([200, 200]);
  await revoke('client', 'over');
  expect([await statusWith(over), await statusWith(other)]).toEqual([401, 200]);
});

it('a link to bytes ends with what it was asked for with', async () => {
  const [mine, other] = ['mine', 'other'].map((session) => callerOf({ ...callerOf('bob'), client: 'demo-partner', session }));
  const statusOf = async (caller: typeof mine) => (await app.call('GET', app.links.make(idOf(900), caller!), { token: null })).status;
  expect(await statusOf(mine)).not.toBe(401);
  await revoke('session', 'mine');
  expect(await statusOf(mine)).toBe(401);
  expect(await statusOf(other)).not.toBe(401);
});
