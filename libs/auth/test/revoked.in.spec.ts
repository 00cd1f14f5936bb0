import { ProblemError } from '@facet/errors';
import { Catch, Controller, Get, Global, Module, type ArgumentsHost } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  Access,
  AccessTokens,
  admit,
  AuthModule,
  readAccessToken,
  recallOrVerify,
  Revocations,
  revocationLivesMs,
  type Revocation,
} from '../src/index.js';
import { TestIssuer } from './test-issuer.js';

@Controller()
class Routes {
  @Get('rooms')
  @Access({ scope: 'read:rooms', limit: 'browse' })
  rooms() {
    return {};
  }
}

@Catch(ProblemError)
class Problems {
  catch({ status }: ProblemError, host: ArgumentsHost) {
    host.switchToHttp().getResponse<{ code(status: number): { send(): void } }>().code(status).send();
  }
}

let issuer: TestIssuer;
let app: NestFastifyApplication;
const revocations = new Revocations();

@Global()
@Module({ providers: [{ provide: Revocations, useValue: revocations }], exports: [Revocations] })
class RevocationsOfTheTest {}

beforeAll(async () => {
  issuer = await TestIssuer.start();
  const steps = (tokens: AccessTokens) => [readAccessToken, recallOrVerify(tokens), admit];
  const auth = AuthModule.forRoot({ issuer: issuer.url, audience: 'mobile-bff', steps });
  const module = await Test.createTestingModule({ imports: [auth, RevocationsOfTheTest], controllers: [Routes] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.useGlobalFilters(new Problems()).init();
  revocations.onRevoked((isOver) => app.get(AccessTokens).forgetCallers(isOver));
});
afterAll(async () => {
  await app.close();
  issuer.stop();
});

const get = async (token: string) => (await app.inject({ url: '/rooms', headers: { authorization: `Bearer ${token}` } })).statusCode;
const end = (kind: Revocation['kind'], id: string) =>
  revocations.revoke({ kind, id, before: Date.now(), until: Date.now() + revocationLivesMs });

it.each(['remembered', 'new'])('a %s token whose session has ended is refused, and another of the same person is not', async (which) => {
  const [mine, other] = [await issuer.token({ sid: `${which}-1` }), await issuer.token({ sid: `${which}-2` })];
  if (which === 'remembered') expect([await get(mine), await get(other)]).toEqual([200, 200]);
  end('session', `${which}-1`);
  expect([await get(mine), await get(other)]).toEqual([401, 200]);
});

it('a token that is being checked when its session ends is refused', async () => {
  const token = await issuer.token({ sid: 'under way' });
  const asked = get(token);
  end('session', 'under way');
  expect(await asked).toBe(401);
});

it('a token that was revoked by its own name is refused, and no other of its session', async () => {
  const [mine, other] = [await issuer.token({ jti: 'mine' }), await issuer.token({ jti: 'other' })];
  expect([await get(mine), await get(other)]).toEqual([200, 200]);
  end('token', 'mine');
  expect([await get(mine), await get(other)]).toEqual([401, 200]);
});

it('a token that was revoked is remembered no more', async () => {
  const tokens = app.get(AccessTokens);
  const token = await issuer.token({ sid: 'forgotten', jti: 'forgotten' });
  await get(token);
  expect(tokens.accept(token)).not.toBeInstanceOf(Promise);
  end('session', 'forgotten');
  expect(tokens.accept(token)).toBeInstanceOf(Promise);
});
