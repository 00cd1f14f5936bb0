import type { LimitName } from '@facet/auth';
import { jsonBodyOf } from '@facet/edge';
import type { FastifyRequest } from 'fastify';
import { getOperationAST, parse } from 'graphql';
import { maxTokens } from './documents.js';

/** A mutation counts as writing, whatever else the document holds. What can't be read counts as the route says and is refused later. */
export function limitOf(request: unknown, declared: LimitName): LimitName {
  const { caller, method } = request as FastifyRequest;
  // Nobody unknown is worth the reading, nor is what counts as writing anyhow: an upload.
  if (!caller || method !== 'POST' || declared === 'write') return declared;
  try {
    return isMutation(jsonBodyOf(request as FastifyRequest)) ? 'write' : declared;
  } catch {
    return declared;
  }
}

function isMutation(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('query' in body) || typeof body.query !== 'string') return false;
  if (!/\bmutation\b/.test(body.query)) return false;
  const name = 'operationName' in body && typeof body.operationName === 'string' ? body.operationName : null;
  return getOperationAST(parse(body.query, { maxTokens }), name || null)?.operation === 'mutation';
}
