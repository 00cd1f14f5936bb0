import { Cursors } from '@facet/edge';
import { contextOf, userIds } from '@facet/testing';
import fc from 'fast-check';
import { execute, getOperationAST, getVariableValues, isObjectType, parse, validate, type GraphQLError, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Downstream } from '../src/downstream.js';
import { carryOut, type Outcome } from '../src/graphql/carry-out.js';
import { examineOperation } from '../src/graphql/examine-operation.js';
import { webSchema } from '../src/graphql/executable-schema.js';
import { factsOf } from '../src/graphql/field.js';
import { KnownDocument } from '../src/graphql/known-document.js';
import { RefusedRequest } from '../src/graphql/refused-request.js';
import { failingServices, ids } from './failing-services.fixtures.js';
import { randomQuery, type RandomQuery } from './random-query.fixtures.js';

const cursors = new Cursors(new Uint8Array(32));
let world: Downstream;
const downstream = new Proxy({} as Downstream, { get: (_, service: keyof Downstream) => world[service] });
const schema = webSchema({ downstream, cursors });
const reference = uncheckedArguments(webSchema({ downstream, cursors }));
const inputs = { id: ids, userId: [userIds.alice], first: [1, 2, 3, null], after: [cursors.seal(ids[2]!, 'rooms'), null] };

async function byPlan({ query, variables }: RandomQuery): Promise<Outcome | undefined> {
  const document = parse(query);
  const operation = getOperationAST(document)!;
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (!coerced) throw new Error(String(errors));
  try {
    const plan = new KnownDocument(schema, document).plan(operation, coerced);
    return await carryOut(plan, examineOperation(plan, coerced), contextOf());
  } catch (error) {
    if (error instanceof RefusedRequest) return undefined;
    throw error;
  }
}

async function byGraphqlJs({ query, variables }: RandomQuery): Promise<Outcome> {
  const executed = await execute({ schema: reference, document: parse(query), variableValues: variables, contextValue: contextOf() });
  return { data: executed.data ?? null, errors: executed.errors ?? [] };
}

/** graphql-js gives a resolver arguments that nobody has checked. */
function uncheckedArguments(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      const checks = factsOf(field)?.arguments;
      if (resolve && checks) field.resolve = (parent, given, ...rest) => resolve(parent, checks.parse(given) as never, ...rest);
    }
  }
  return schema;
}

interface Fault {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

const faultOf = ({ message, path = [], locations, originalError }: GraphQLError): Fault => ({
  path,
  text: JSON.stringify([path, locations, message, originalError?.name]),
});

/** How much of the path the answer still has. */
function standing(data: unknown, { path }: Fault): string {
  let value = data;
  const found: (string | number)[] = [];
  for (const key of path) {
    if (value === null) break;
    found.push(key);
    value = (value as Record<string | number, unknown>)[key];
  }
  return JSON.stringify(found);
}

/** What is null because of what it holds may be so for several reasons, of which who stops early knows fewer. So: the same places, and the same text for the places themselves. */
function compare(plan: Outcome, expected: Outcome): void {
  expect(JSON.stringify(plan.data)).toBe(JSON.stringify(expected.data));
  const [ours, theirs] = [plan, expected].map(({ errors }) => errors.map(faultOf));
  const places = (faults: readonly Fault[]) => new Set(faults.map((fault) => standing(plan.data, fault)));
  expect([...places(ours!)].sort()).toEqual([...places(theirs!)].sort());
  const own = (faults: readonly Fault[]) => faults.filter((fault) => standing(plan.data, fault) === JSON.stringify(fault.path));
  expect(
    own(ours!)
      .map(({ text }) => text)
      .sort(),
  ).toEqual(
    own(theirs!)
      .map(({ text }) => text)
      .sort(),
  );
}

describe('a plan is carried out as graphql-js executes the document', () => {
  it.each([
    ['all is well', 0],
    ['something fails', 40],
    ['most fails', 160],
  ])('where %s', async (_, trouble) => {
    let carriedOut = 0;
    await fc.assert(
      fc.asyncProperty(randomQuery(schema, inputs), fc.nat(1_000), async (query, seed) => {
        expect(validate(schema, parse(query.query)).map(String)).toEqual([]);
        world = failingServices(seed, trouble);
        const plan = await byPlan(query);
        if (!plan) return;
        carriedOut += 1;
        compare(plan, await byGraphqlJs(query));
      }),
      { numRuns: 500, interruptAfterTimeLimit: 20_000 },
    );
    expect(carriedOut).toBeGreaterThan(200);
  });
});
