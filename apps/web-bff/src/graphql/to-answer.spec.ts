import { DownstreamError, ProblemError } from '@facet/errors';
import { contextOf } from '@facet/testing';
import { GraphQLError } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Outcome } from './carry-out.js';
import type { MediaType } from './negotiate.js';
import { toAnswer } from './to-answer.js';

const failed = (originalError: Error, path = ['me']) => new GraphQLError(originalError.message, { originalError, path });

function answer({ data, errors = [] }: Partial<Outcome>, mediaType: MediaType = 'application/graphql-response+json') {
  const context = contextOf('alice', { requestId: 'request-1' });
  const reported: ProblemError[] = [];
  const { status, headers, body } = toAnswer({ ...(data !== undefined && { data }), errors }, mediaType, context, (problem) =>
    reported.push(problem),
  );
  return { status, headers, body: JSON.parse(body), reported, degradations: context.degradations };
}

describe('toAnswer', () => {
  it('answers data with 200, and with nothing else where nothing is missing', () => {
    expect(answer({ data: { me: null } })).toMatchObject({ status: 200, body: { data: { me: null } } });
    expect(Object.keys(answer({ data: { me: null } }).body)).toEqual(['data']);
  });

  it('lets a whole answer be kept by who asked, and asked for again each time; one with a hole in it is never kept', () => {
    expect(answer({ data: { me: null } }).headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'accept, cookie' });
    const holes = [new DownstreamError('users', 'timeout'), new ProblemError('forbidden')];
    for (const hole of holes) {
      expect(answer({ data: { me: null }, errors: [failed(hole)] }).headers).toMatchObject({ 'cache-control': 'no-store' });
    }
  });

  it('answers partial data with 200, the error and the dependency', () => {
    const { status, body, degradations } = answer({ data: { me: null }, errors: [failed(new DownstreamError('users', 'timeout'))] });
    expect(status).toBe(200);
    expect(body).toEqual({
      errors: [{ message: 'There was not enough time', path: ['me'], extensions: { code: 'deadline-exceeded', requestId: 'request-1' } }],
      data: { me: null },
      extensions: { degraded: ['users'] },
    });
    expect(degradations).toMatchObject([{ dependency: 'users', reason: 'timeout' }]);
  });

  it.each([
    [new ProblemError('insufficient-scope'), 403],
    [new ProblemError('not-found'), 404],
    [new DownstreamError('rooms', 'unavailable'), 503],
    [new Error('boom'), 500],
  ])('answers no data with the real status of %s', (error, status) => {
    expect(answer({ data: null, errors: [failed(error)] }).status).toBe(status);
    expect(answer({ errors: [failed(error)] }).status).toBe(status);
  });

  it('names no more than 100 errors, and says how many it leaves out', () => {
    const errors = Array.from({ length: 120 }, () => failed(new DownstreamError('users', 'timeout')));
    const { body } = answer({ data: { me: null }, errors });
    expect([body.errors.length, body.extensions]).toEqual([100, { degraded: ['users'], errorsLeftOut: 20 }]);
  });

  it('says when to try again', () => {
    expect(answer({ data: null, errors: [failed(new DownstreamError('rooms', 'unavailable'))] }).headers).toMatchObject({
      'retry-after': '1',
    });
  });

  it('answers a client of the old media type with 200, as it can read nothing else', () => {
    const { status, headers } = answer({ errors: [failed(new ProblemError('validation-failed'))] }, 'application/json');
    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8' });
  });

  it('tells what is wrong with an input', () => {
    const errors = [{ pointer: '/input/name', detail: 'must have 1 to 80 characters' }];
    expect(answer({ errors: [failed(new ProblemError('validation-failed', { errors }))] }).body.errors[0].extensions).toMatchObject({
      errors,
    });
  });

  it('tells nothing of what went wrong inside, but reports it', () => {
    const secret = new Error('password=hunter2 at db.internal');
    const leaks = [failed(secret), new GraphQLError('Cannot return null for non-nullable field Room.secret', { path: ['room'] })];
    const { body, reported } = answer({ data: null, errors: leaks });
    expect(JSON.stringify(body)).not.toMatch(/hunter2|secret/);
    expect(body.errors).toMatchObject([{ extensions: { code: 'internal-error' } }, { extensions: { code: 'internal-error' } }]);
    expect(reported[0]?.cause).toBe(secret);
  });
});
