import { userIds, type TestDatabase } from '@facet/testing';
import * as openid from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { signedInPlaces } from '../src/account/sessions.js';
import type { Tables } from '../src/store/tables.js';
import { browserAt, clients, enter, mobileApp, redirects, signInAt } from './clients.js';
import { demoWorld, identityDatabase, issuer, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let replicas: Identity[];
let configs: openid.Configuration[];

beforeAll(async () => {
  database = await identityDatabase();
  replicas = await Promise.all([1, 2].map(() => startIdentity(database, 'development', { CLIENTS: clients })));
  await replicas[0]!.post('/dev/accounts', demoWorld());
  configs = await Promise.all(replicas.map(mobileApp));
});
beforeEach(async () => {
  for (const table of ['attempt', 'oidc_state'] as const) await database.db.deleteFrom(table).execute();
});
afterAll(() => Promise.all(replicas.map((replica) => replica.stop())));

/** A phone with a key of its own, at which somebody has signed in. */
async function aPhone(login = 'alice') {
  const dpop = openid.getDPoPHandle(configs[0]!, await openid.randomDPoPKeyPair('ES256'));
  const { tokens } = await signInAt(replicas[0]!, configs[0]!, redirects.mobile, { dpop, login });
  return {
    refreshToken: tokens.refresh_token!,
    refreshAt: (replica: number, token: string, parameters?: Record<string, string>) =>
      openid.refreshTokenGrant(configs[replica]!, token, parameters, { DPoP: dpop }),
  };
}
const gone = { error: 'invalid_grant' };

describe('a refresh token that two replicas are shown at the same moment', () => {
  it('is used once: who asks for the same gets the same, and all goes on with that', async () => {
    const phone = await aPhone();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, each) => phone.refreshAt(each % 2, phone.refreshToken)));
    expect(new Set(answers.map(({ access_token }) => access_token)).size).toBe(1);
    expect(new Set(answers.map(({ refresh_token }) => refresh_token)).size).toBe(1);
    await phone.refreshAt(1, answers[0]!.refresh_token!);
  });

  it('is used once by those who ask for something else each, and that was a theft: nothing of it is left', async () => {
    const phone = await aPhone();
    const asked = [undefined, { scope: 'openid' }, { scope: 'read:rooms' }, { scope: 'write:messages' }];
    const settled = await Promise.allSettled(asked.map((parameters, each) => phone.refreshAt(each % 2, phone.refreshToken, parameters)));
    const won = settled.filter(({ status }) => status === 'fulfilled') as PromiseFulfilledResult<
      Awaited<ReturnType<typeof phone.refreshAt>>
    >[];
    expect(won.length).toBeLessThanOrEqual(1);
    for (const { value } of won) await expect(phone.refreshAt(0, value.refresh_token!)).rejects.toMatchObject(gone);
    await expect(phone.refreshAt(1, phone.refreshToken)).rejects.toMatchObject(gone);
    expect((await signedInPlaces(database.db, userIds.alice)).filter(({ kind }) => kind === 'application')).toEqual([]);
  });
});

const phonesOn = (page: string) => (page.match(/<li>[^]*?<\/li>/g) ?? []).filter((item) => item.includes('Facet (phone)')).length;

describe('the list of places where somebody is signed in', () => {
  it('shows each phone, and ends one without the other', async () => {
    const [lost, kept] = [await aPhone('bob'), await aPhone('bob')];
    const browser = browserAt(replicas[0]!);
    const home = await enter(browser, await browser.get(`${issuer}/account`), 'bob');
    expect(phonesOn(home.body)).toBe(2);
    const phones = (await signedInPlaces(database.db, userIds.bob)).filter(({ clientId }) => clientId === 'mobile-app');
    const { id } = phones.toSorted((one, other) => one.since.getTime() - other.since.getTime())[0]!;

    expect(phonesOn((await browser.submit(home, '/account/end', { id })).body)).toBe(1);
    await expect(lost.refreshAt(1, lost.refreshToken)).rejects.toMatchObject(gone);
    await kept.refreshAt(1, kept.refreshToken);
  });
});
