import type { Endpoint, EndpointRequest } from '@facet/testing/resilience';
import {
  defaultFieldResolver,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { faultsOf } from '../src/graphql/faults.js';
import { judgeGraphql } from './judge-graphql.fixtures.js';

type Field = GraphQLField<unknown, unknown>;

/** A field of a type, and those through which it is reached from the root, each as it is written into a query. */
interface Place {
  readonly type: GraphQLObjectType;
  readonly field: Field;
  readonly way: readonly string[];
}

/** What a field's arguments are, by `Query.room`: `(id: "…")`. Which fields there are is not said here: the schema knows. */
export type FieldExamples = Readonly<Record<string, string>>;

/** Every query and mutation of a schema, and every field that is more than a property of what is there. Only the roots have to declare something. */
export function graphqlEndpoints(schema: GraphQLSchema, examples: FieldExamples): Endpoint[] {
  const written = (type: GraphQLObjectType, field: Field) => {
    const name = `${type.name}.${field.name}`;
    if (examples[name] === undefined && field.args.some(isRequiredArgument)) throw new Error(`${name} needs an example of its arguments`);
    return field.name + (examples[name] ?? '');
  };
  const mutation = schema.getMutationType()!;
  const changes = fieldsOf(mutation).map((field): Place => ({ type: mutation, field, way: [] }));
  return [...changes, ...placesBelow(schema.getQueryType()!, written)].map(({ type, field, way }) => {
    const root = type === mutation ? 'mutation' : '';
    const nested = way.length > 0;
    return {
      name: `${type.name}.${field.name}`,
      declared: faultsOf(schema, field) ?? (nested ? {} : undefined),
      request: post(`${root} ${inside(way, `${written(type, field)} ${selectionOf(field)}`)}`),
      way: nested ? post(inside(way, '__typename')) : undefined,
      judge: judgeGraphql,
    };
  });
}

function post(query: string): EndpointRequest {
  return {
    method: 'POST',
    path: '/graphql',
    headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  };
}

function inside(way: readonly string[], text: string): string {
  return `${way.map((field) => `{ ${field} `).join('')}{ ${text} }${' }'.repeat(way.length)}`;
}

/** The fields that have a resolver, each by a shortest way from the root. */
function placesBelow(root: GraphQLObjectType, written: (type: GraphQLObjectType, field: Field) => string): Place[] {
  const ways = new Map<GraphQLObjectType, readonly string[]>([[root, []]]);
  const places: Place[] = [];
  // The map grows while it is walked through.
  for (const [type, way] of ways) {
    for (const field of fieldsOf(type)) {
      if (type === root || isFound(field)) places.push({ type, field, way });
      const below = getNamedType(field.type);
      if (isObjectType(below) && !ways.has(below)) ways.set(below, [...way, written(type, field)]);
    }
  }
  return places;
}

function fieldsOf(type: GraphQLObjectType): Field[] {
  return Object.values(type.getFields());
}

function isFound({ resolve }: Field): boolean {
  return resolve !== undefined && resolve !== defaultFieldResolver;
}

/** What is there of a thing without going out for it. */
function selectionOf(field: Field, depth = 4): string {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return '';
  const plain = isObjectType(type) && depth > 0 ? fieldsOf(type).filter((inner) => !isFound(inner)) : [];
  return `{ __typename ${plain.map((inner) => `${inner.name} ${selectionOf(inner, depth - 1)}`).join(' ')} }`;
}
