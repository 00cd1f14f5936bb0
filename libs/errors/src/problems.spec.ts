import { describe, expect, it } from 'vitest';
import { GrpcStatus } from './grpc-status.js';
import { DownstreamError } from './problem-error.js';
import { codeByReason, codeOfHttpStatus, isProblemCode, problems, serviceFailureOf, type ProblemCode } from './problems.js';

const codes = Object.keys(problems) as ProblemCode[];
const statuses = Object.values(GrpcStatus).filter((status) => status !== GrpcStatus.OK);
const atFault = new Set<number>([400, 403, 404, 406, 409, 413, 415, 416, 422]);

describe('the error table', () => {
  it('leads from every HTTP status of a code back to a code with that status', () => {
    for (const code of codes) expect(problems[codeOfHttpStatus(problems[code].status)].status).toBe(problems[code].status);
  });

  it.each([
    [400, 'invalid-request'],
    [403, 'forbidden'],
    [500, 'internal-error'],
    [402, 'invalid-request'],
    [418, 'invalid-request'],
    [501, 'internal-error'],
    [599, 'internal-error'],
    [302, 'internal-error'],
  ] as const)('reads HTTP %i as %s', (status, code) => expect(codeOfHttpStatus(status)).toBe(code));

  it('leads from every code, sent by a service of ours, to that code', () => {
    for (const code of codes) expect(serviceFailureOf(problems[code].grpc, code).code).toBe(code);
  });

  it('leads from every gRPC status of a code, without the code itself, to one with that gRPC status and the same meaning', () => {
    for (const code of codes.filter((code) => code !== 'payload-too-large')) {
      const { grpc, noAnswer } = problems[code];
      const back = serviceFailureOf(grpc);
      expect([problems[back.code].grpc, back.noAnswer]).toEqual([grpc, noAnswer]);
    }
  });

  it('blames whoever called us for nothing but what they asked for', () => {
    for (const code of codes) expect(problems[code].noAnswer === undefined).toBe(atFault.has(problems[code].status));
  });

  it.each([
    ['CANCELLED', 'dependency-unavailable', 'unavailable'],
    ['UNKNOWN', 'dependency-failed', 'invalid'],
    ['INVALID_ARGUMENT', 'invalid-request', undefined],
    ['DEADLINE_EXCEEDED', 'deadline-exceeded', 'timeout'],
    ['NOT_FOUND', 'not-found', undefined],
    ['ALREADY_EXISTS', 'conflict', undefined],
    ['PERMISSION_DENIED', 'forbidden', undefined],
    ['RESOURCE_EXHAUSTED', 'dependency-unavailable', 'shed'],
    ['FAILED_PRECONDITION', 'conflict', undefined],
    ['ABORTED', 'conflict', undefined],
    ['OUT_OF_RANGE', 'invalid-request', undefined],
    ['UNIMPLEMENTED', 'dependency-failed', 'invalid'],
    ['INTERNAL', 'dependency-failed', 'invalid'],
    ['UNAVAILABLE', 'dependency-unavailable', 'unavailable'],
    ['DATA_LOSS', 'dependency-failed', 'invalid'],
    ['UNAUTHENTICATED', 'dependency-failed', 'invalid'],
  ] as const)('makes of a bare %s of a service %s for the client', (name, code, noAnswer) => {
    const failure = serviceFailureOf(GrpcStatus[name]);
    expect(failure.noAnswer).toBe(noAnswer);
    expect(failure.noAnswer ? codeByReason[failure.noAnswer] : failure.code).toBe(code);
  });

  it('knows every gRPC status, and takes one that nobody knows for a broken service', () => {
    for (const status of [...statuses, 17, -1]) expect(isProblemCode(serviceFailureOf(status).code)).toBe(true);
    expect(serviceFailureOf(17)).toEqual({ code: 'internal-error', noAnswer: 'invalid' });
    expect(serviceFailureOf(GrpcStatus.NOT_FOUND, 'no-such-code')).toEqual({ code: 'not-found', noAnswer: undefined });
    expect(isProblemCode('constructor')).toBe(false);
  });

  it('never turns an overloaded service into a quota of the client', () => {
    const { noAnswer } = serviceFailureOf(GrpcStatus.RESOURCE_EXHAUSTED, 'quota-exceeded');
    expect(new DownstreamError('rooms', noAnswer!)).toMatchObject({ status: 503, reason: 'shed', retryAfterSeconds: 1 });
  });

  it('says when to try again wherever that helps: no time, no room, nobody there', () => {
    expect(codes.filter((code) => problems[code].retryAfterSeconds).map((code) => problems[code].status)).toEqual([429, 503, 504]);
    const hints = Object.keys(codeByReason).map((reason) => [reason, new DownstreamError('rooms', reason as never).retryAfterSeconds]);
    expect(Object.fromEntries(hints)).toEqual({ timeout: 1, unavailable: 1, open: 1, shed: 1, invalid: undefined });
  });
});
