import type { FastifyRequest } from 'fastify';
import { callerOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { limitOf } from './limit-of.js';

const request = (body: unknown, facts: object = {}) =>
  ({
    method: 'POST',
    caller: callerOf('alice'),
    edge: {},
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    ...facts,
  }) as unknown as FastifyRequest;

describe('limitOf', () => {
  it('counts a mutation as writing', () => {
    expect(limitOf(request({ query: 'mutation { leaveRoom(id: "1") }' }), 'browse')).toBe('write');
  });

  it('counts by the operation that is chosen', () => {
    const query = 'query A { me { id } } mutation B { leaveRoom(id: "1") }';
    expect(limitOf(request({ query, operationName: 'A' }), 'browse')).toBe('browse');
    expect(limitOf(request({ query, operationName: 'B' }), 'browse')).toBe('write');
  });

  it('counts a query that only speaks of mutations as reading', () => {
    expect(limitOf(request({ query: '{ mutation: me { id } }' }), 'browse')).toBe('browse');
  });

  it.each(['no json', '[]', '"mutation"', '{"query": 1}', '{"query": "mutation {"}'])(
    'counts %s, which is refused later, as the route says',
    (body) => {
      expect(limitOf(request(body), 'browse')).toBe('browse');
    },
  );

  it('reads nothing for a caller whom nobody knows, and nothing of an upload', () => {
    const body = { toString: () => expect.fail('read') };
    expect(limitOf(request('', { body }), 'write')).toBe('write');
    expect(limitOf({ method: 'POST', body, edge: {} } as unknown as FastifyRequest, 'browse')).toBe('browse');
  });
});
