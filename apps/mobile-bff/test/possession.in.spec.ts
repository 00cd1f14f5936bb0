import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { ProblemError } from '@facet/errors';
import * as openid from 'openid-client';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { publicUrl, startMobile, webOrigin, type Mobile } from './start-mobile.js';

let mobile: Mobile;
let replicas: Awaited<ReturnType<Mobile['startReplica']>>[];
beforeAll(async () => {
  mobile = await startMobile();
  replicas = [await mobile.startReplica(), await mobile.startReplica()];
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await Promise.all(replicas.map((replica) => replica.stop()));
  await mobile.stop();
});

interface Sent {
  readonly proof: string;
  readonly authorization: string;
}

/** A phone as openid-client makes one: it sends proofs, learns nonces and tries again with them. What it sent is kept. */
async function aPhone() {
  const sent: Sent[] = [];
  const server = { issuer: mobile.issuer.issuer };
  const config = new openid.Configuration(server, 'mobile-app', undefined, openid.None());
  let at = mobile.url;
  config[openid.customFetch] = (url, options) => {
    const headers = new Headers(options.headers as Record<string, string>);
    sent.push({ proof: headers.get('dpop') ?? '', authorization: headers.get('authorization') ?? '' });
    return fetch(url.replace(publicUrl, at), options as RequestInit);
  };
  const dpop = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256', { extractable: true }));
  const jkt = await dpop.calculateThumbprint();
  const token = await mobile.issuer.issue({ user: 'alice', client: 'mobile-app', claims: { cnf: { jkt } } });
  return {
    token,
    sent,
    /** Which replica it reaches. */
    goTo: (url: string) => (at = url),
    get: (path: string) => openid.fetchProtectedResource(config, token, new URL(path, publicUrl), 'GET', null, undefined, { DPoP: dpop }),
  };
}

const get = async (headers: Record<string, string>, path = '/v1/profile', url = mobile.url) => {
  const response = await fetch(url + path, { headers });
  return {
    status: response.status,
    headers: response.headers,
    challenge: response.headers.get('www-authenticate'),
    body: await response.json(),
  };
};
const resource = `resource_metadata="${publicUrl}/.well-known/oauth-protected-resource"`;
const algs = 'algs="ES256 Ed25519 EdDSA"';

describe('a phone with a key', () => {
  it('is let in once it has a nonce of ours, and goes on with that at every replica, in any order', async () => {
    const phone = await aPhone();
    expect((await phone.get('/v1/home')).status).toBe(200);
    expect(phone.sent).toHaveLength(2);
    for (const { url } of [...replicas, mobile]) {
      phone.goTo(url);
      expect((await phone.get('/v1/home')).status).toBe(200);
    }
    expect(phone.sent).toHaveLength(5);
    expect(new Set(phone.sent.map(({ proof }) => proof)).size).toBe(5);
  });

  it('is asked for a nonce by 401 with a challenge and one of the header that pages may read', async () => {
    const phone = await aPhone();
    await phone.get('/v1/profile');
    const [{ proof, authorization }] = phone.sent as [Sent];
    const { status, challenge, headers } = await get({ authorization, dpop: proof, origin: webOrigin });
    expect([status, challenge]).toEqual([401, expect.stringMatching(/^DPoP realm="facet", error="use_dpop_nonce"/)]);
    expect(headers.get('dpop-nonce')).toMatch(/^[\w-]{22}$/);
    expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([webOrigin, 'origin']);
    expect(headers.get('access-control-expose-headers')).toMatch(/dpop-nonce.*www-authenticate/);
  });

  it('is let in once with a proof, whichever replicas are shown it afterwards', async () => {
    const phone = await aPhone();
    await phone.get('/v1/profile');
    const { proof, authorization } = phone.sent.at(-1)!;
    for (const { url } of [mobile, ...replicas])
      expect(await get({ authorization, dpop: proof }, '/v1/profile', url)).toMatchObject({
        status: 401,
        challenge: expect.stringContaining(
          'error="invalid_dpop_proof", error_description="The DPoP proof is not accepted. It was used before."',
        ),
      });
  });

  it('is let in by one of all replicas that are shown one proof at the same moment', async () => {
    const phone = await aPhone();
    await phone.get('/v1/profile');
    const state = vi
      .spyOn(mobile.state, 'insert')
      .mockRejectedValueOnce(new ProblemError('dependency-unavailable', { retryAfterSeconds: 1 }));
    await expect(phone.get('/v1/profile')).resolves.toMatchObject({ status: 503 });
    const { proof, authorization } = phone.sent.at(-1)!;
    state.mockRestore();
    const answers = await Promise.all(
      [mobile, ...replicas].flatMap(({ url }) => [1, 2].map(() => get({ authorization, dpop: proof }, '/v1/profile', url))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
  });

  it('is told 503, and no service is asked, while nobody can say whether its proof was used', async () => {
    const phone = await aPhone();
    await phone.get('/v1/profile');
    mobile.reset();
    vi.spyOn(mobile.state, 'insert').mockRejectedValue(new ProblemError('dependency-unavailable', { retryAfterSeconds: 1 }));
    const answer = await phone.get('/v1/profile');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({ code: 'dependency-unavailable' });
    expect(mobile.fakes.users.calls).toEqual({});
  });

  it('may send one proof only, of a size that proofs have', async () => {
    const phone = await aPhone();
    await phone.get('/v1/profile');
    const { authorization } = phone.sent.at(-1)!;
    const twice = await statusOf({ authorization, dpop: [phone.sent[0]!.proof, phone.sent[1]!.proof] });
    expect(twice).toEqual([401, expect.stringContaining('There must be one')]);
    expect(await statusOf({ authorization, dpop: 'e'.repeat(8_000) })).toEqual([401, expect.stringContaining('There must be one')]);
    expect(await statusOf({ authorization, dpop: 'e'.repeat(40_000) })).toEqual([400, undefined]);
  });
});

describe('a stolen token', () => {
  it('is nothing as bearer, without a proof, or with the proof of another key', async () => {
    const [phone, thief] = [await aPhone(), await aPhone()];
    await thief.get('/v1/profile');
    const { proof } = thief.sent.at(-1)!;
    expect(await get({ authorization: `Bearer ${phone.token}` })).toMatchObject({
      status: 401,
      challenge: `DPoP realm="facet", error="invalid_token", error_description="The access token is bound to a key: it takes the scheme DPoP and a proof.", ${algs}, ${resource}`,
    });
    expect((await get({ authorization: `DPoP ${phone.token}` })).challenge).toContain('error="invalid_dpop_proof"');
    expect((await get({ authorization: `DPoP ${phone.token}`, dpop: proof })).challenge).toContain('error="invalid_token"');
  });

  it('in a query is looked at by nobody', async () => {
    const { token } = await aPhone();
    expect((await get({}, `/v1/discover?access_token=${token}`)).status).toBe(401);
  });
});

describe('a plain token', () => {
  it('is for the clients that are named alone, and not under the scheme DPoP', async () => {
    const plain = (client: string) => mobile.issuer.issue({ user: 'alice', client });
    expect((await get({ authorization: `Bearer ${await plain('mobile-app-dev')}` })).status).toBe(200);
    for (const authorization of [`Bearer ${await plain('mobile-app')}`, `DPoP ${await plain('mobile-app-dev')}`])
      expect(await get({ authorization })).toMatchObject({
        status: 401,
        challenge: expect.stringMatching(/^DPoP .*error="invalid_token"/),
      });
  });

  it('is nobody’s unless some client is named, and then nobody is told of the scheme', async () => {
    const strict = await mobile.startReplica({ BEARER_CLIENTS: '' });
    const token = await mobile.issuer.issue({ user: 'alice', client: 'mobile-app-dev' });
    expect(await get({ authorization: `Bearer ${token}` }, '/v1/profile', strict.url)).toMatchObject({ status: 401 });
    expect((await get({}, '/v1/profile', strict.url)).challenge).toBe(`DPoP realm="facet", ${algs}, ${resource}`);
    await strict.stop();
  });
});

describe('who is not known', () => {
  it('is told of both schemes, and where more is to be read; which is true', async () => {
    const { status, challenge } = await get({});
    expect([status, challenge]).toEqual([401, `DPoP realm="facet", ${algs}, ${resource}, Bearer realm="facet", ${resource}`]);
    expect(await get({}, '/.well-known/oauth-protected-resource')).toMatchObject({
      status: 200,
      body: {
        resource: publicUrl,
        authorization_servers: [mobile.issuer.issuer],
        scopes_supported: expect.arrayContaining(['read:rooms', 'write:messages']),
        bearer_methods_supported: ['header'],
        dpop_signing_alg_values_supported: ['ES256', 'Ed25519', 'EdDSA'],
        dpop_bound_access_tokens_required: false,
      },
    });
  });

  it('on a page of ours may ask with a proof; a page of others may not', async () => {
    const preflight = async (origin: string) => {
      const asked = { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization,dpop' };
      const { status, headers } = await fetch(`${mobile.url}/v1/home`, { method: 'OPTIONS', headers: asked });
      return [status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-headers')];
    };
    expect(await preflight(webOrigin)).toEqual([204, webOrigin, expect.stringMatching(/authorization, dpop/)]);
    for (const origin of ['https://evil.test', `${webOrigin}.evil.test`, 'null'])
      expect(await preflight(origin)).toEqual([204, null, null]);
    const seen = await mobile.call('GET', '/v1/profile', { headers: { origin: webOrigin } });
    expect([seen.status, seen.headers.get('vary')]).toEqual([200, 'origin, authorization']);
    expect((await get({ origin: 'https://evil.test' })).headers.get('access-control-allow-origin')).toBeNull();
  });
});

it('what is kept of proofs names neither the phone nor its ids', async () => {
  const insert = vi.spyOn(mobile.state, 'insert');
  const phone = await aPhone();
  await phone.get('/v1/profile');
  const { proof } = phone.sent.at(-1)!;
  const { jti } = JSON.parse(Buffer.from(proof.split('.')[1]!, 'base64url').toString()) as { jti: string };
  expect(insert.mock.calls).toEqual([[expect.stringMatching(/^dpop:[\w-]{43}$/), new Uint8Array(), expect.any(Number)]]);
  expect(insert.mock.calls[0]![0]).not.toContain(createHash('sha256').update(jti).digest('base64url'));
});

/** As fetch cannot: with a header several times. */
function statusOf(headers: Record<string, string | string[]>): Promise<[number | undefined, string | undefined]> {
  return new Promise((resolve, reject) => {
    request(`${mobile.url}/v1/profile`, { headers }, (response) => {
      response.resume();
      resolve([response.statusCode, response.headers['www-authenticate']]);
    })
      .on('error', reject)
      .end();
  });
}
