import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { DownstreamError, ProblemError } from '@facet/errors';
import { z } from 'zod';
import { problemBody, toProblem } from './problem.js';

describe('whatever is thrown', () => {
  it('is mapped once: by its own code, by its status, or as a defect of ours', () => {
    const codes = [
      new ProblemError('conflict'),
      new DownstreamError('rooms', 'timeout'),
      new NotFoundException(),
      new BadRequestException(),
      new HttpException('teapot', 418),
      new HttpException('broken', 502),
      z.string().safeParse(1).error,
      new Error('x'),
      'text',
      undefined,
    ].map((thrown) => toProblem(thrown).code);
    expect(codes).toEqual([
      ...['conflict', 'deadline-exceeded', 'not-found', 'invalid-request', 'invalid-request', 'internal-error'],
      ...['validation-failed', 'internal-error', 'internal-error', 'internal-error'],
    ]);
  });
  it('shows its words below 500 and never from there on', () => {
    expect(problemBody(new ProblemError('conflict', { detail: 'in use' }), 'r')).toEqual({
      type: '/errors/conflict',
      title: 'The state does not allow this',
      status: 409,
      detail: 'in use',
      code: 'conflict',
      requestId: 'r',
    });
    expect(
      problemBody(new ProblemError('internal-error', { detail: 'secret', errors: [{ pointer: '/a', detail: 'secret' }] }), 'r'),
    ).not.toMatchObject({ detail: 'secret' });
    expect(JSON.stringify(problemBody(toProblem(new Error('secret')), 'r'))).not.toContain('secret');
  });
});
