import { ProblemError } from '@facet/errors';
import type { FastifyRequest } from 'fastify';
import { configOf } from './edge-request.js';

/** Time for a client to send a body that is gathered. */
const gatheredMs = 15_000;

/**
 * limitBody: calls `late` where a body that is gathered is not there in time. Uploads have the time of their route, and what has no body needs none: the server
 * bounds how long headers take.
 */
export function limitBody(request: FastifyRequest, late: (problem: ProblemError) => void): void {
  const { raw, headers } = request;
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
  if (configOf(request).route?.inputs.upload) return;
  const timer = setTimeout(() => {
    if (!raw.complete) late(new ProblemError('invalid-request', { detail: 'The request did not arrive in time.' }));
  }, gatheredMs);
  raw.once('close', () => clearTimeout(timer));
}
