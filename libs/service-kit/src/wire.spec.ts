import { ProblemError } from '@facet/errors';
import { RoomsService } from '@facet/contracts/rooms/grpc';
import { Metadata } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { effectsOf, failureOf, methodOf, pushbackOf, readHeaders, statusOf, writeHeaders } from './wire.js';

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
    expect(failureOf('rooms', failed)).toMatchObject({ reason: 'unavailable', retryAfterSeconds: 2 });
  });

  it('that does not say when leaves it to the client', () => {
    const silent = statusOf(new ProblemError('dependency-unavailable'));
    expect(pushbackOf(silent.metadata)).toBeUndefined();
    expect(failureOf('rooms', silent)).toMatchObject({ reason: 'unavailable', retryAfterSeconds: 1 });
  });

  it.each(['-1', 'never'])('with a pushback of %j is not to be tried again', (text) => {
    failed.metadata.set('grpc-retry-pushback-ms', text);
    expect(pushbackOf(failed.metadata)).toBe(Infinity);
    expect(failureOf('rooms', failed)).toMatchObject({ reason: 'unavailable', retryAfterSeconds: 1 });
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
