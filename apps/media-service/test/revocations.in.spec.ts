import { newCaller, revocationLivesMs } from '@facet/auth';
import { revoked } from '@facet/events/revocations';
import { callerOf } from '@facet/testing';
import { expect, it, vi } from 'vitest';
import { startWorld } from './world.fixtures.js';

it('a caller whose session has ended is nobody to the service, whatever token a BFF still has for him; his other sessions go on', async () => {
  const { database, call } = await startWorld();
  const signedIn = (session: string) => newCaller({ ...callerOf('carol'), session, issuedAt: Math.floor(Date.now() / 1_000) });
  const statusFor = async (session: string) => (await call(signedIn(session), '/01900000-0000-7000-8000-0000000000ff')).status;
  expect(await statusFor('over')).toBe(404);
  const now = Date.now();
  await database.emit([revoked({ kind: 'session', id: 'over', before: now, until: now + revocationLivesMs })]);
  await vi.waitFor(async () => expect(await statusFor('over')).toBe(403), { timeout: 1_000, interval: 20 });
  expect(await statusFor('other')).toBe(404);
});
