import type { GraphQLField, GraphQLFieldResolver } from 'graphql';
import type { z } from 'zod';
import type { Viewing } from './viewing.js';

type Resolve = (parent: never, given: never, viewing: Viewing) => unknown;

/** What a topic says of the fields of its types. What is not there is a property of the parent. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, DeclaredField | Resolve>>>>;

interface FieldFacts<Arguments extends z.ZodType> {
  /** What the arguments must be, beyond their GraphQL types. */
  readonly arguments?: Arguments;
  /** For a list: how many rows to expect, so that the cost of a query is known before it runs. */
  readonly rows?: (given: z.output<Arguments>) => number;
}

export interface DeclaredField {
  readonly resolve: GraphQLFieldResolver<never, Viewing>;
  readonly extensions: { readonly facts: FieldFacts<z.ZodType> };
}

/** Declares a field. The arguments that `resolve` gets are the schema's output. */
export function field<Parent, Arguments extends z.ZodType>(
  facts: FieldFacts<Arguments>,
  resolve: (parent: Parent, given: z.output<Arguments>, viewing: Viewing) => unknown,
): DeclaredField {
  return {
    extensions: { facts },
    resolve: (parent: Parent, given: unknown, viewing) =>
      resolve(parent, (facts.arguments?.parse(given) ?? given) as z.output<Arguments>, viewing),
  };
}

/** What was declared about a field; nothing for a plain property. */
export function factsOf({ extensions }: GraphQLField<unknown, unknown>): FieldFacts<z.ZodType> | undefined {
  return (extensions as Partial<DeclaredField['extensions']>).facts;
}

/** Declares a field that tells a service's number by its name in the schema. A number without a name is null, and so a failure. */
export function named<Name extends string>(property: string, numbers: Readonly<Record<Name, number>>) {
  const names = new Map<unknown, string>(Object.entries<number>(numbers).map(([name, number]) => [number, name]));
  return (parent: Readonly<Record<string, unknown>>) => names.get(parent[property]);
}
