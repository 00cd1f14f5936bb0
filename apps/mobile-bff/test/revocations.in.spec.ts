import { revocationLivesMs, type Revocation } from '@facet/auth';
import { Revoked } from '@facet/contracts/revocations';
import { ProblemError } from '@facet/errors';
import { idOf, userIds } from '@facet/testing';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startMobile, type Mobile } from './start-mobile.js';

let mobile: Mobile;
beforeAll(async () => void (mobile = await startMobile()));
beforeEach(() => mobile.reset());
afterAll(() => mobile.stop());

const tokenOf = (session: string) =>
  mobile.issuer.issue({ user: { subject: userIds.carol, session }, client: 'mobile-app-dev', claims: { sid: session } });
const room = (token: string) => mobile.call('GET', `/v1/rooms/${idOf(1)}`, { token });
const revoke = ({ kind, id }: Pick<Revocation, 'kind' | 'id'>) =>
  mobile.events.emit(Revoked, {
    what: { $case: kind, value: id },
    before: new Date(),
    until: new Date(Date.now() + revocationLivesMs),
  });

it('who was revoked reaches no service any more with a token that is remembered, and is told to get another', async () => {
  const [mine, other] = [await tokenOf('s1'), await tokenOf('s2')];
  for (const token of [mine, other]) expect((await room(token)).status).toBe(200);
  await revoke({ kind: 'session', id: 's1' });
  mobile.reset();
  const { status, headers } = await room(mine);
  expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
  expect(mobile.fakes.rooms.calls).toEqual({});
  expect((await room(other)).status).toBe(200);
});

it('a new role is there at once: tokens of before are refused', async () => {
  const token = await tokenOf('s3');
  expect((await room(token)).status).toBe(200);
  await revoke({ kind: 'subject', id: userIds.carol });
  expect((await room(token)).status).toBe(401);
});

it('while revocations cannot be seen nothing that was kept is shown, and tokens are good until they expire', async () => {
  const session = 's4';
  const token = await mobile.issuer.issue({ user: 'dave', client: 'mobile-app-dev', claims: { sid: session } });
  await vi.waitFor(async () => expect((await room(token)).body.unread).toBe(1), { timeout: 10_000 });
  mobile.events.leave();
  mobile.fakes.notifications.failure = new ProblemError('dependency-unavailable');
  await vi.waitFor(async () => expect(await room(token)).toMatchObject({ status: 200, body: { unread: null } }));
  mobile.events.back();
});
