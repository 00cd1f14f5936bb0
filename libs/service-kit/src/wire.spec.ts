import { ItemError } from '@facet/contracts';
import { GrpcStatus, problems, ProblemError, type ProblemCode } from '@facet/errors';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { effectsOf, failureOf, itemErrorOf, itemFailureOf, methodOf, pushbackOf, readHeaders, statusOf, writeHeaders } from './wire.js';

describe('the headers of a call', () => {
  it('arrive as they were sent', () => {
    const headers = { token: 'abc', requestId: 'r1', traceparent: '00-1-2-01', answerWithinMs: 250 };
    expect(readHeaders(writeHeaders(headers))).toEqual(headers);
  });

  it.each(['', '-1', '1.5', 'soon', '9999999999'])('name no time to answer by %j', (text) => {
    const metadata = new Metadata();
    metadata.set('x-answer-within-ms', text);
    expect(readHeaders(metadata).answerWithinMs).toBeUndefined();
  });

  it('give a batch whose time is over no time, rather than a negative one', () => {
    expect(readHeaders(writeHeaders({ requestId: 'r1', answerWithinMs: -3 })).answerWithinMs).toBe(0);
  });
});

describe('a failure', () => {
  const failed = statusOf(new ProblemError('dependency-unavailable', { retryAfterSeconds: 2 }));

  it('says when to try again, and its client hears it', () => {
    expect(pushbackOf(failed.metadata)).toBe(2_000);
    expect(failureOf('rooms', failed)).toMatchObject({ reason: 'unavailable', pushbackMs: 2_000, retryAfterSeconds: 2 });
  });

  it('that does not say when leaves it to the client', () => {
    const silent = statusOf(new ProblemError('dependency-unavailable'));
    expect(pushbackOf(silent.metadata)).toBeUndefined();
    expect(failureOf('rooms', silent)).toMatchObject({ reason: 'unavailable', pushbackMs: undefined, retryAfterSeconds: 1 });
  });

  it.each(['-1', 'never'])('with a pushback of %j is not to be tried again', (text) => {
    failed.metadata.set('grpc-retry-pushback-ms', text);
    expect(pushbackOf(failed.metadata)).toBe(Infinity);
    expect(failureOf('rooms', failed)).toMatchObject({ reason: 'unavailable', pushbackMs: Infinity, retryAfterSeconds: 1 });
  });

  it.each([
    ['RESOURCE_EXHAUSTED', 'quota-exceeded', { reason: 'shed', status: 503 }],
    ['RESOURCE_EXHAUSTED', '', { reason: 'shed', status: 503 }],
    ['RESOURCE_EXHAUSTED', 'payload-too-large', { code: 'payload-too-large', status: 413 }],
    ['UNIMPLEMENTED', 'method-not-allowed', { reason: 'invalid', status: 502 }],
    ['UNAUTHENTICATED', 'unauthenticated', { reason: 'invalid', status: 502 }],
    ['CANCELLED', '', { reason: 'unavailable', status: 503 }],
    ['DEADLINE_EXCEEDED', 'no-such-code', { reason: 'timeout', status: 504 }],
    ['NOT_FOUND', '', { code: 'not-found', status: 404 }],
  ] as const)('%s with the code %j means what the error table says', (name, problem, meaning) => {
    const item = { code: GrpcStatus[name], message: 'no', problem, errors: [] };
    expect(itemErrorOf('rooms', item)).toMatchObject(meaning);
  });

  const options = { detail: 'Nein: ü', errors: [{ pointer: '/name', detail: 'too long: ü' }], retryAfterSeconds: 1.5 };
  it.each(Object.keys(problems) as ProblemCode[])('%s says the same in a batch as alone', (code) => {
    for (const problem of [new ProblemError(code), new ProblemError(code, options)]) {
      const item = ItemError.decode(ItemError.encode(ItemError.fromPartial(itemFailureOf(problem) as ItemError)).finish());
      expect({ ...itemErrorOf('rooms', item) }).toEqual({ ...failureOf('rooms', statusOf(problem)) });
    }
  });

  it('of a service names the fields that are wrong, at most 20, unless it is to say nothing', () => {
    const errors = Array.from({ length: 25 }, (_, at) => ({ pointer: `/${at}`, detail: 'bad' }));
    expect(itemFailureOf(new ProblemError('validation-failed', { errors })).errors).toEqual(errors.slice(0, 20));
    expect(itemFailureOf(new ProblemError('internal-error', { errors })).errors).toEqual([]);
  });
});

it.each([
  ['getRoom', 'none'],
  ['batchGetRooms', 'none'],
  ['joinRoom', 'idempotent'],
  ['createRoom', 'unknown'],
])('the effects of %s are %s, as its proto says', (method, effects) => {
  expect(effectsOf(methodOf(RoomsService, method))).toBe(effects);
});
