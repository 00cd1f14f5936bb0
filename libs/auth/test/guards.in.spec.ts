import { Access, AuthModule, bearerSteps, Public, SigningKeys, type AuthenticatedRequest } from '../src/index.js';
import { ProblemError } from '@facet/errors';
import { Catch, Controller, Get, Injectable, Req, type ArgumentsHost, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestIssuer } from './test-issuer.js';

const seenBetween: (string | undefined)[] = [];

@Injectable()
class Between implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    seenBetween.push(context.switchToHttp().getRequest<AuthenticatedRequest>().caller?.subject);
    return true;
  }
}

@Controller()
class Routes {
  @Get('rooms')
  @Access({ scope: 'read:rooms', limit: 'browse' })
  rooms(@Req() { caller }: AuthenticatedRequest) {
    return caller;
  }

  @Get('both')
  @Access({ scope: ['read:rooms', 'write:rooms'], limit: 'write' })
  both() {
    return {};
  }

  @Get('any')
  @Access({ scope: 'any', limit: 'browse' })
  any() {
    return {};
  }

  @Get('open')
  @Public()
  open(@Req() { caller }: AuthenticatedRequest) {
    return { known: caller !== undefined };
  }

  @Get('forgotten')
  forgotten() {
    return {};
  }
}

@Catch(ProblemError)
class Problems {
  catch({ code, status, headers }: ProblemError, host: ArgumentsHost) {
    const reply = host.switchToHttp().getResponse<{ code(s: number): { headers(h: object): { send(b: object): void } } }>();
    reply
      .code(status)
      .headers(headers ?? {})
      .send({ code });
  }
}

let issuer: TestIssuer;
let app: NestFastifyApplication;

async function start(audience: string, url = issuer.url): Promise<NestFastifyApplication> {
  const auth = AuthModule.forRoot({ issuer: url, audience, steps: bearerSteps, between: [Between] });
  const module = await Test.createTestingModule({ imports: [auth], controllers: [Routes] }).compile();
  const started = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await started.useGlobalFilters(new Problems()).init();
  return started;
}

beforeAll(async () => {
  issuer = await TestIssuer.start();
  app = await start('mobile-bff');
});
beforeEach(() => {
  seenBetween.length = 0;
});
afterAll(async () => {
  await app.close();
  issuer.stop();
});

const get = async (path: string, authorization?: string, from = app) => {
  const response = await from.inject({ url: path, headers: authorization === undefined ? {} : { authorization } });
  return { status: response.statusCode, challenge: response.headers['www-authenticate'], body: response.json() };
};
const bearer = async (claims: object = {}) => `Bearer ${await issuer.token(claims)}`;

describe('a guarded route', () => {
  it('serves a caller whose token has the scope', async () => {
    expect(await get('/rooms', await bearer())).toMatchObject({ status: 200, body: { subject: 'alice', client: 'mobile-app' } });
  });

  it.each([
    ['no credential', undefined],
    ['another scheme', 'Basic YTpi'],
    ['half a header', 'Bearer'],
    ['an API key in the wrong place', 'abc'],
  ])('answers 401 with a bare challenge to %s', async (_, authorization) => {
    expect(await get('/rooms', authorization)).toEqual({
      status: 401,
      challenge: 'Bearer realm="facet"',
      body: { code: 'unauthenticated' },
    });
  });

  it('answers 401 invalid_token to a token that is not accepted', async () => {
    const { status, challenge } = await get('/rooms', await bearer({ aud: 'web-bff' }));
    expect(status).toBe(401);
    expect(challenge).toBe('Bearer realm="facet", error="invalid_token", error_description="The access token is not valid here."');
  });

  it('answers 403 insufficient_scope, naming all scopes that it needs', async () => {
    expect(await get('/both', await bearer())).toMatchObject({
      status: 403,
      challenge: expect.stringMatching(/error="insufficient_scope".*scope="read:rooms write:rooms"/),
      body: { code: 'insufficient-scope' },
    });
  });

  it('that takes any scope still wants to know who calls', async () => {
    expect((await get('/any', await bearer({ scope: '' }))).status).toBe(200);
    expect((await get('/any')).status).toBe(401);
  });

  it('lets the guards between see the caller, and the unknown too, before anybody is refused', async () => {
    await get('/both', await bearer());
    await get('/both');
    expect(seenBetween).toEqual(['alice', undefined]);
  });

  it('a token that is bound to a key is no bearer token, and one that is not comes with no other scheme', async () => {
    const bound = await bearer({ cnf: { jkt: 'x' } });
    for (let each = 0; each < 2; each++) expect((await get('/rooms', bound)).status).toBe(401);
    expect((await get('/rooms', bound.replace('Bearer', 'DPoP'))).status).toBe(401);
    expect((await get('/rooms', (await bearer()).replace('Bearer', 'DPoP'))).status).toBe(401);
  });

  it('never mixes up callers that come at once', async () => {
    const subjects = Array.from({ length: 40 }, (_, each) => `user-${each}`);
    const answers = await Promise.all(subjects.map(async (sub) => get('/rooms', await bearer({ sub }))));
    expect(answers.map(({ body }) => body.subject)).toEqual(subjects);
  });
});

it('a public route is open and looks at no token', async () => {
  expect(await get('/open')).toMatchObject({ status: 200, body: { known: false } });
  expect(await get('/open', 'Bearer rubbish')).toMatchObject({ status: 200, body: { known: false } });
});

it('a route that declares nothing is closed even to those who are known', async () => {
  expect((await get('/forgotten', await bearer())).status).toBe(500);
});

it('an issuer that is away makes 503 of an unknown key, not 401', async () => {
  const other = await start('mobile-bff', 'http://127.0.0.1:9');
  const response = await other.inject({ url: '/rooms', headers: { authorization: await bearer() } });
  expect(response.json()).toEqual({ code: 'dependency-unavailable' });
  await other.close();
  expect((await get('/rooms', await bearer())).status).toBe(200);
});

describe('a token that was accepted before', () => {
  afterEach(() => vi.restoreAllMocks());
  afterEach(() => vi.useRealTimers());

  it('is looked up, not checked again', async () => {
    const find = vi.spyOn(SigningKeys.prototype, 'find');
    const authorization = await bearer({ sub: 'bob' });
    for (let each = 0; each < 3; each++)
      expect(await get('/rooms', authorization)).toMatchObject({ status: 200, body: { subject: 'bob' } });
    expect(find).toHaveBeenCalledTimes(1);
  });

  it('is the same however its header is spelled, and nothing but itself', async () => {
    const authorization = await bearer();
    await get('/rooms', authorization);
    const token = authorization.slice('Bearer '.length);
    for (const spelled of [`bearer ${token}`, `Bearer   ${token}`, `BEARER ${token}  `])
      expect((await get('/rooms', spelled)).status).toBe(200);
    const [header, payload, signature] = token.split('.');
    const other = (await issuer.token({ sub: 'root' })).split('.');
    const changed = [
      `${token}x`,
      token.slice(0, -1),
      `${token} ${token}`,
      [header, other[1], signature].join('.'),
      [header, payload].join('.'),
    ];
    for (const each of changed) expect((await get('/rooms', `Bearer ${each}`)).status).toBe(401);
    for (const scheme of ['Basic', 'DPoP', '']) expect((await get('/rooms', `${scheme} ${token}`)).status).toBe(401);
  });

  it('is refused once it has expired', async () => {
    const now = Math.floor(Date.now() / 1000);
    const authorization = await bearer({ exp: now + 60 });
    expect((await get('/rooms', authorization)).status).toBe(200);
    vi.useFakeTimers({ now: (now + 59) * 1000, toFake: ['Date'] });
    expect((await get('/rooms', authorization)).status).toBe(200);
    vi.setSystemTime((now + 66) * 1000);
    expect(await get('/rooms', authorization)).toMatchObject({ status: 401, challenge: expect.stringContaining('has expired') });
  });

  it('is refused once its issuer has withdrawn the key that signed it', async () => {
    await issuer.addKey('compromised');
    const fresh = await start('mobile-bff');
    const lifetime = { exp: Math.floor(Date.now() / 1000) + 3_600 };
    const authorization = `Bearer ${await issuer.token(lifetime, { kid: 'compromised' }, 'compromised')}`;
    expect((await get('/rooms', authorization, fresh)).status).toBe(200);
    issuer.withdrawKey('compromised');
    await issuer.addKey('next');
    vi.useFakeTimers({ now: Date.now() + 31_000, toFake: ['Date'] });
    expect((await get('/rooms', authorization, fresh)).status).toBe(200);
    const byNext = `Bearer ${await issuer.token(lifetime, { kid: 'next' }, 'next')}`;
    expect((await get('/rooms', byNext, fresh)).status).toBe(200);
    expect((await get('/rooms', authorization, fresh)).status).toBe(401);
    await fresh.close();
  });

  it('at one BFF is not known at another', async () => {
    const authorization = await bearer();
    expect((await get('/rooms', authorization)).status).toBe(200);
    const other = await start('web-bff');
    expect((await get('/rooms', authorization, other)).status).toBe(401);
    await other.close();
  });

  it('gives no more than its scopes, however often it is shown', async () => {
    const authorization = await bearer({ scope: 'write:rooms' });
    for (let each = 0; each < 3; each++) expect((await get('/rooms', authorization)).body).toEqual({ code: 'insufficient-scope' });
    expect((await get('/both', authorization)).status).toBe(403);
    expect((await get('/any', authorization)).status).toBe(200);
  });
});
