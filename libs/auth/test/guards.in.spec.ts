import { Access, AuthModule, Public, type AuthenticatedRequest } from '../src/index.js';
import { ProblemError } from '@facet/errors';
import { Catch, Controller, Get, Injectable, Req, type ArgumentsHost, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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

beforeAll(async () => {
  issuer = await TestIssuer.start();
  const auth = AuthModule.forRoot({ issuer: issuer.url, audience: 'mobile-bff', between: [Between] });
  const module = await Test.createTestingModule({ imports: [auth], controllers: [Routes] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.useGlobalFilters(new Problems()).init();
});
beforeEach(() => {
  seenBetween.length = 0;
});
afterAll(async () => {
  await app.close();
  issuer.stop();
});

const get = async (path: string, authorization?: string) => {
  const response = await app.inject({ url: path, headers: authorization === undefined ? {} : { authorization } });
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
  const away = AuthModule.forRoot({ issuer: 'http://127.0.0.1:9', audience: 'mobile-bff' });
  const module = await Test.createTestingModule({ imports: [away], controllers: [Routes] }).compile();
  const other = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await other.useGlobalFilters(new Problems()).init();
  const response = await other.inject({ url: '/rooms', headers: { authorization: await bearer() } });
  expect(response.json()).toEqual({ code: 'dependency-unavailable' });
  await other.close();
  expect((await get('/rooms', await bearer())).status).toBe(200);
});
