import { isRule, refuseEarly, type RuleName } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { defaultFieldResolver, getDirectiveValues, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';
import { factsOf } from './field.js';

export const accessSdl = `
  "The rule of our policy by which a field is shown; without one, being signed in is enough."
  directive @access(rule: String) on FIELD_DEFINITION
`;

/**
 * Puts each declared rule in front of its field: who certainly may not see it gets null and an error, and nothing is called. What the field's facts tell
 * of the thing (`about`) is there already: deciding fetches nothing, in lists neither. A query or mutation that declares nothing must not go live.
 */
export function enforceAccess(schema: GraphQLSchema): void {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const access = accessOf(schema, field);
      if (access?.rule !== undefined) guard(field, ruleOf(`${type.name}.${field.name}`, access.rule));
      if (!access && roots.includes(type)) throw new Error(`${type.name}.${field.name} declares no @access`);
    }
  }
}

/** What a field declares; nothing where it has no such directive. */
export function accessOf(schema: GraphQLSchema, { astNode }: GraphQLField<unknown, unknown>): { rule?: string } | undefined {
  const directive = schema.getDirective('access');
  return directive && astNode ? getDirectiveValues(directive, astNode) : undefined;
}

function ruleOf(field: string, rule: string): RuleName {
  if (!isRule(rule)) throw new Error(`${field} asks for the unknown rule ${rule}`);
  return rule;
}

function guard(field: GraphQLField<unknown, unknown>, rule: RuleName): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  const about = factsOf(field)?.about;
  field.resolve = (parent, given, context, info) => {
    refuseEarly((context as RequestContext).caller, rule, about?.(parent as never, given as never));
    return resolve(parent, given, context, info);
  };
}
