import type { Attributes } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { GraphQLField, GraphQLResolveInfo } from 'graphql';
import type { z } from 'zod';

/** How a field's value is found: from its parent and the arguments that it declares. A promise may hold the whole value, not parts of it. */
export type Resolve = (parent: never, given: never, context: RequestContext, info: GraphQLResolveInfo) => unknown;

/** What a topic says of the fields of its types. What is not there is a property of the parent. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, DeclaredField | Resolve>>>>;

export interface FieldFacts<Arguments extends z.ZodType = z.ZodType, Parent = never> {
  /** What the arguments must be, beyond their GraphQL types. */
  readonly arguments?: Arguments;
  /** For a list: how many rows to expect, so that the cost of a query is known before it runs. */
  readonly rows?: (given: z.output<Arguments>) => number;
  /** What is known of the thing before anybody is asked, for the field's rule (`@access`). */
  readonly about?: (parent: Parent, given: z.output<Arguments>) => Attributes;
}

export interface DeclaredField {
  readonly resolve: Resolve;
  readonly extensions: { readonly facts: FieldFacts };
}

/** Declares a field. The arguments that `resolve` gets are the schema's output. */
export function field<Parent, Arguments extends z.ZodType>(
  facts: FieldFacts<Arguments, Parent>,
  resolve: (parent: Parent, given: z.output<Arguments>, context: RequestContext) => unknown,
): DeclaredField {
  return { extensions: { facts }, resolve };
}

/** What was declared about a field; nothing for a plain property. */
export function factsOf({ extensions }: GraphQLField<unknown, unknown>): FieldFacts | undefined {
  return (extensions as Partial<DeclaredField['extensions']>).facts;
}

/** Declares a field that tells a service's number by its name in the schema. A number without a name is null, and so a failure. */
export function named<Name extends string>(property: string, numbers: Readonly<Record<Name, number>>) {
  const names = new Map<unknown, string>(Object.entries<number>(numbers).map(([name, number]) => [number, name]));
  return (parent: Readonly<Record<string, unknown>>) => names.get(parent[property]);
}
