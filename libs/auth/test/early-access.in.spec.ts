import { Access, accountOlderThan, AuthModule, bearerSteps, fromNetworks } from '../src/index.js';
import { ProblemError } from '@facet/errors';
import { Catch, Controller, Delete, Get, Post, type ArgumentsHost } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestIssuer } from './test-issuer.js';

const acr = 'urn:facet:acr:2';
let served = 0;

@Controller()
class Routes {
  @Post('messages')
  @Access({ scope: 'write:messages', rule: 'message:create', limit: 'write' })
  post() {
    served += 1;
    return {};
  }

  @Delete('account')
  @Access({ scope: 'any', assurance: { acr, maxAgeSeconds: 300 }, limit: 'write' })
  close() {
    served += 1;
    return {};
  }

  @Get('inside')
  @Access({ scope: 'any', where: [fromNetworks(['10.0.0.0/8'])], limit: 'browse' })
  inside() {
    served += 1;
    return {};
  }

  @Get('grown')
  @Access({ scope: 'any', where: [accountOlderThan(60_000)], limit: 'browse' })
  grown() {
    served += 1;
    return {};
  }
}

@Catch(ProblemError)
class Problems {
  catch({ code, status, headers, explanation }: ProblemError, host: ArgumentsHost) {
    const reply = host.switchToHttp().getResponse<{ code(s: number): { headers(h: object): { send(b: object): void } } }>();
    reply
      .code(status)
      .headers(headers ?? {})
      .send({ code, because: explanation?.because });
  }
}

let issuer: TestIssuer;
let app: NestFastifyApplication;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  const auth = AuthModule.forRoot({ issuer: issuer.url, audience: 'mobile-bff', steps: bearerSteps });
  const module = await Test.createTestingModule({ imports: [auth], controllers: [Routes] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.useGlobalFilters(new Problems()).init();
});
beforeEach(() => (served = 0));
afterAll(async () => {
  await app.close();
  issuer.stop();
});

async function call(method: 'GET' | 'POST' | 'DELETE', url: string, claims: object, remoteAddress = '127.0.0.1') {
  const authorization = `Bearer ${await issuer.token(claims)}`;
  const response = await app.inject({ method, url, remoteAddress, headers: { authorization } });
  return { status: response.statusCode, challenge: response.headers['www-authenticate'], body: response.json(), served };
}

describe('the rule of a route', () => {
  const scope = 'write:messages';

  it('refuses a guest who writes, whatever the token covers, before the route is reached', async () => {
    expect(await call('POST', '/messages', { roles: ['guest'], scope })).toMatchObject({
      status: 403,
      body: { code: 'forbidden', because: 'no role of the caller allows message:create' },
      served: 0,
    });
  });

  it('lets through whom the service may still refuse', async () => {
    expect(await call('POST', '/messages', { roles: ['user'], scope })).toMatchObject({ status: 201, served: 1 });
  });
});

describe('the assurance of a route (RFC 9470)', () => {
  const seconds = () => Math.floor(Date.now() / 1_000);

  it.each([
    ['one factor', () => ({ acr: 'urn:facet:acr:1', auth_time: seconds() })],
    ['two factors an hour ago', () => ({ acr, auth_time: seconds() - 3_600 })],
    ['no proof', () => ({})],
  ])('with %s is answered with what to sign in with', async (_, claims) => {
    expect(await call('DELETE', '/account', claims())).toMatchObject({
      status: 401,
      challenge: expect.stringMatching(
        /^Bearer realm="facet", error="insufficient_user_authentication", .*acr_values="urn:facet:acr:2", max_age="300"/,
      ),
      body: { code: 'insufficient-user-authentication' },
      served: 0,
    });
  });

  it('with two factors a moment ago is enough', async () => {
    expect(await call('DELETE', '/account', { acr, amr: ['pwd', 'otp'], auth_time: seconds() - 10 })).toMatchObject({
      status: 200,
      served: 1,
    });
  });
});

describe('the circumstances of a route', () => {
  it('are those of the request', async () => {
    expect(await call('GET', '/inside', {}, '10.1.2.3')).toMatchObject({ status: 200 });
    expect(await call('GET', '/inside', {}, '192.0.2.1')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('are refused where they are unknown: nobody asks again', async () => {
    expect(await call('GET', '/grown', { sub: 'not a UUIDv7' })).toMatchObject({ status: 403 });
    expect(await call('GET', '/grown', { sub: '01900000-0000-7000-8000-00000000000a' })).toMatchObject({ status: 200 });
  });
});
