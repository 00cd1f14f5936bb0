import { GrpcStatus, problems, type ProblemCode } from '@facet/errors';
import { failureOf } from '@facet/service-kit/wire';
import { describe, expect, it } from 'vitest';
import { answerFailure, failureIn, lostFailure } from './http-failure.js';

const problemType = { 'content-type': 'application/problem+json; charset=utf-8' };
const answer = (status: number, body: unknown, headers: Record<string, string> = problemType) => {
  const failure = answerFailure({ status, headers }, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
  return failureOf('media', failure, failure);
};

describe('an answer that is none', () => {
  it.each(Object.keys(problems) as ProblemCode[])('with the code %s means what the same means over gRPC', (code) => {
    const { status, noAnswer } = problems[code];
    expect(answer(status, { code, status, detail: 'No.' })).toMatchObject(
      noAnswer ? { dependency: 'media', reason: noAnswer } : { name: 'ProblemError', code, status, detail: 'No.' },
    );
  });

  it('says which fields are wrong, as far as it says so rightly', () => {
    const errors = [{ pointer: '/ids', detail: 'Too many.' }, { pointer: 5 }, 'x', null];
    expect(answer(422, { code: 'validation-failed', detail: 7, errors })).toMatchObject({
      code: 'validation-failed',
      errors: errors.slice(0, 1),
    });
    expect(answer(422, { code: 'validation-failed', errors: 'x' })).toMatchObject({ code: 'validation-failed', errors: undefined });
  });

  it.each([
    [404, { code: 'no-such-code' }, 'not-found'],
    [409, { code: 'not-found' }, 'conflict'],
    [418, {}, 'invalid-request'],
    [400, { code: 'constructor' }, 'invalid-request'],
  ] as const)('of status %i means it where its code %j is unknown, or of another status', (status, body, code) => {
    expect(answer(status, body)).toMatchObject({ name: 'ProblemError', code });
  });

  it.each([
    [200, 'invalid'],
    [204, 'invalid'],
    [206, 'invalid'],
    [301, 'invalid'],
    [304, 'invalid'],
    [400, 'invalid'],
    [401, 'invalid'],
    [403, 'invalid'],
    [404, 'invalid'],
    [413, 'invalid'],
    [429, 'shed'],
    [500, 'invalid'],
    [501, 'invalid'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'timeout'],
    [599, 'invalid'],
  ] as const)('of somebody else with status %i is no answer of the service: %s', (status, reason) => {
    for (const headers of [{ 'content-type': 'text/html' }, {} as Record<string, string>]) {
      expect(answer(status, '<html>', headers)).toMatchObject({ dependency: 'media', reason });
    }
    expect(answer(status, '{"code":', problemType)).toMatchObject({ reason });
    expect(answer(status, '[]', problemType)).toMatchObject({ reason });
  });

  it('is no problem where its status is no failure', () => {
    expect(answer(302, { code: 'not-found', status: 404 })).toMatchObject({ reason: 'invalid' });
  });

  it.each([
    ['3', 3_000],
    ['0', 0],
    ['999999999', Infinity],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 0],
    ['Sun, 99 Nov 1994 08:49:37 GMT', undefined],
  ])('with Retry-After: %s asks to wait %s ms', (text, pushbackMs) => {
    expect(answer(503, '', { 'retry-after': text })).toMatchObject({ reason: 'unavailable', pushbackMs });
  });

  it('with a date as Retry-After asks to wait until then', () => {
    const { pushbackMs } = answer(503, '', { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }) as { pushbackMs?: number };
    expect(pushbackMs).toBeGreaterThan(55_000);
    expect(pushbackMs).toBeLessThanOrEqual(60_000);
  });
});

describe('an answer that never came', () => {
  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EHOSTUNREACH', 'ERR_STREAM_PREMATURE_CLOSE'])(
    'for %s means that nobody is there',
    (code) => {
      expect(lostFailure('a:1', Object.assign(new Error('x'), { code }))).toMatchObject({
        code: GrpcStatus.UNAVAILABLE,
        details: `a:1 gave no answer: ${code}`,
      });
    },
  );

  it('for anything else means that it is no HTTP', () => {
    expect(lostFailure('a:1', { code: 'HPE_INVALID_CONSTANT' })).toMatchObject({ code: GrpcStatus.INTERNAL });
    expect(lostFailure('a:1', { cause: { code: 'ECONNRESET' } })).toMatchObject({ code: GrpcStatus.UNAVAILABLE });
    expect(lostFailure('a:1', undefined)).toMatchObject({ code: GrpcStatus.INTERNAL });
  });

  it('takes nothing over from an error of axios', () => {
    const error = Object.assign(new Error('secret'), { code: 'ERR_CANCELED', config: { headers: 'secret' } });
    expect(JSON.stringify([failureIn('a:1', error), failureIn('a:1', error).message])).not.toContain('secret');
  });
});
