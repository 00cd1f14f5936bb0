import { getOperationAST, GraphQLError, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { examineOperation } from './examine-operation.js';
import { toSchema } from './executable-schema.js';
import { field } from './field.js';
import { limits, planOperation } from './plan-operation.js';
import { problemOf } from './public-error.js';
import { RefusedRequest } from './refused-request.js';

const sdl = `
  directive @access(rule: String) on FIELD_DEFINITION
  type Query { me: Person @access }
  type Mutation { say(text: String!): Person @access }
  type Person { id: ID! friends(first: Int!): [Person!]! all: [Person!]! tags: [Tag!]! }
  type Tag { name: String }
`;
const First = z.object({ first: z.int().max(100) });
const nobody = () => null;
const schema = toSchema(
  [sdl],
  [
    {
      Query: { me: nobody },
      Mutation: { say: field({ arguments: z.object({ text: z.string().max(5) }) }, nobody) },
      Person: { friends: field({ arguments: First, rows: ({ first }) => first }, nobody), all: field({ rows: () => 200 }, nobody) },
    },
  ],
);

function operationOf(query: string, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  return { schema, document, operation: getOperationAST(document)!, variables };
}

function examine(query: string, variables: Record<string, unknown> = {}): readonly GraphQLError[] {
  try {
    examineOperation(planOperation(operationOf(query, variables)), variables);
    return [];
  } catch (error) {
    if (error instanceof RefusedRequest) return error.errors;
    throw error;
  }
}

const codesOf = (errors: readonly GraphQLError[]) => errors.map((error) => problemOf(error).code);

describe('examineOperation', () => {
  it('lets a page through that asks for 40 rooms with 200 members each', () => {
    expect(examine('{ me { friends(first: 40) { id all { id } } } }')).toEqual([]);
  });

  it('multiplies the rows of lists within lists, and refuses too many', () => {
    expect(codesOf(examine('{ me { friends(first: 100) { all { all { id } } } } }'))).toEqual(['query-too-costly']);
    expect(
      codesOf(examine('query ($n: Int!) { me { friends(first: $n) { friends(first: $n) { friends(first: $n) { id } } } } }', { n: 100 })),
    ).toEqual(['query-too-costly']);
  });

  it('adds up what aliases ask for', () => {
    const part = (alias: string) => `${alias}: me { friends(first: 60) { all { id } } }`;
    expect(examine(`{ ${part('a')} ${part('b')} }`)).toEqual([]);
    expect(codesOf(examine(`{ ${part('a')} ${part('b')} ${part('c')} }`))).toEqual(['query-too-costly']);
  });

  it('charges nothing for lists that came with their parent', () => {
    expect(
      examine(`{ me { friends(first: 100) { ${Array.from({ length: 100 }, (_, at) => `t${at}: tags { name }`).join(' ')} } } }`),
    ).toEqual([]);
  });

  it(`goes ${limits.depth} levels deep and no further`, () => {
    const nested = (depth: number) => `{ me ${'{ friends(first: 1) '.repeat(depth - 2)} { id } ${'}'.repeat(depth - 2)} }`;
    expect(examine(nested(limits.depth))).toEqual([]);
    expect(codesOf(examine(nested(limits.depth + 1)))).toEqual(['query-too-costly']);
  });

  it('counts a fragment as often as it is used, at once for a bomb of fragments', () => {
    const bomb = Array.from({ length: 30 }, (_, at) => `fragment F${at} on Person { ...F${at + 1} a${at}: id ...F${at + 1} }`).join(' ');
    expect(codesOf(examine(`{ me { ...F0 } } ${bomb} fragment F30 on Person { id }`))).toEqual(['query-too-costly']);
  });

  it('refuses a fan of aliases', () => {
    expect(codesOf(examine(`{ ${Array.from({ length: limits.fields + 1 }, (_, at) => `a${at}: me { id }`).join(' ')} }`))).toEqual([
      'query-too-costly',
    ]);
  });

  it('refuses more mutations than a request may carry', () => {
    const mutations = (count: number) =>
      `mutation { ${Array.from({ length: count }, (_, at) => `a${at}: say(text: "hi") { id }`).join(' ')} }`;
    expect(examine(mutations(limits.mutations))).toEqual([]);
    expect(codesOf(examine(mutations(limits.mutations + 1)))).toEqual(['query-too-costly']);
  });

  it('names every argument that does not fit, before anything runs', () => {
    const errors = examine(
      'mutation ($t: String!) { a: say(text: "fine") { id } b: say(text: "too long") { friends(first: 101) { id } } c: say(text: $t) { id } }',
      {
        t: 'also too long',
      },
    );
    expect(codesOf(errors)).toEqual(['validation-failed', 'validation-failed', 'validation-failed']);
    expect(problemOf(errors[0]!).errors?.[0]?.pointer).toBe('/text');
    expect(errors[0]?.locations).toHaveLength(1);
  });

  it('names a null that a variable brings where none may be', () => {
    const errors = examine('query ($n: Int = 3) { me { friends(first: $n) { id } } }', { n: null });
    expect(codesOf(errors)).toEqual(['validation-failed']);
    expect(errors[0]?.message).toMatch('must not be null');
  });

  it('checks the arguments of a field once, however many rows it is asked of', () => {
    const plan = planOperation(operationOf('query ($n: Int!) { me { friends(first: 40) { friends(first: $n) { id } } } }'));
    expect(examineOperation(plan, { n: 7 })).toEqual([{}, { first: 40 }, { first: 7 }]);
  });

  it('asks nothing of what a directive leaves out', () => {
    const query = 'query ($all: Boolean!) { me { friends(first: 101) @include(if: $all) { id } id } }';
    expect(examine(query, { all: false })).toEqual([]);
    expect(codesOf(examine(query, { all: true }))).toEqual(['validation-failed']);
  });
});
