import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Documents } from './documents.js';
import { RefusedRequest } from './refused-request.js';

const schema = buildSchema('type Query { room: String }');
const documents = (introspection = false) => new Documents(schema, { introspection });

describe('Documents', () => {
  it('reads the same text once', () => {
    const kept = documents();
    expect(kept.read('{ room }')).toBe(kept.read('{ room }'));
  });

  it('forgets the oldest texts, not the ones in use, once there are many', () => {
    const kept = documents();
    const first = kept.read('query A { room }');
    const second = kept.read('query B { room }');
    for (let at = 0; at < 499; at += 1) {
      kept.read(`query Q${at} { room }`);
      kept.read('query A { room }');
    }
    expect(kept.read('query A { room }')).toBe(first);
    expect(kept.read('query B { room }')).not.toBe(second);
  });

  it('keeps no more than so much text, however long each is', () => {
    const kept = documents();
    const long = (at: number) => `query Q${at} { room } ${' '.repeat(90_000)}`;
    const first = kept.read(long(0));
    for (let at = 1; at < 6; at += 1) kept.read(long(at));
    expect(kept.read(long(0))).not.toBe(first);
  });

  it.each([
    ['{ room', 'invalid-request'],
    ['', 'invalid-request'],
    ['{ nothing }', 'validation-failed'],
    ['{ room } { room }', 'validation-failed'],
    [`{ ${'room '.repeat(1_001)} }`, 'invalid-request'],
  ])('refuses %.20s as %s', (query, code) => {
    expect(refusalOf(() => documents().read(query)).errors[0]?.extensions.code).toBe(code);
  });

  it('tells nothing of the schema where introspection is off, not even by a suggestion', () => {
    const refusal = refusalOf(() => documents().read('{ rooom }'));
    expect(refusal.message).toBe('Cannot query field "rooom" on type "Query".');
    expect(refusalOf(() => documents().read('{ __schema { types { name } } }')).message).toMatch(/introspection/);
  });

  it('shows the schema in development', () => {
    expect(documents(true).read('{ __schema { types { name } } }')).toBeDefined();
    expect(refusalOf(() => documents(true).read('{ rooom }')).message).toContain('Did you mean "room"?');
  });
});

function refusalOf(attempt: () => unknown): RefusedRequest {
  try {
    attempt();
  } catch (error) {
    if (error instanceof RefusedRequest) return error;
  }
  throw new Error('was not refused');
}
