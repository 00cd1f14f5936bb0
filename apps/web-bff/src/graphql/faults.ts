import type { DeclaredFaults } from '@facet/edge';
import { getDirectiveValues, type GraphQLField, type GraphQLSchema } from 'graphql';

export const faultsSdl = `
  "What a field comes to while a service that it calls fails: a word of docs/resilience.md for each, proven by test/resilience.in.spec.ts."
  directive @faults(users: String, rooms: String, messages: String, notifications: String) on FIELD_DEFINITION
`;

/** What a field declares; nothing where it has no such directive. */
export function faultsOf(schema: GraphQLSchema, { astNode }: GraphQLField<unknown, unknown>): DeclaredFaults | undefined {
  const directive = schema.getDirective('faults');
  return directive && astNode ? (getDirectiveValues(directive, astNode) as DeclaredFaults | undefined) : undefined;
}
