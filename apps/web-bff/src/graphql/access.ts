import { requireScope, scopesOf, type Scope } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import { defaultFieldResolver, getDirectiveValues, isObjectType, type GraphQLField, type GraphQLSchema } from 'graphql';

export const accessSdl = `
  "The scope that a caller's token must cover; without one, being signed in is enough."
  directive @access(scope: String) on FIELD_DEFINITION
`;

/** Puts each declared scope in front of its field. A query or mutation that declares nothing is a mistake that must not go live. */
export function enforceAccess(schema: GraphQLSchema): void {
  const known = new Set(scopesOf(['admin']));
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const access = accessOf(schema, field);
      if (access?.scope && !known.has(access.scope))
        throw new Error(`${type.name}.${field.name} asks for the unknown scope ${access.scope}`);
      if (access?.scope) guard(field, access.scope);
      if (!access && roots.includes(type)) throw new Error(`${type.name}.${field.name} declares no @access`);
    }
  }
}

function guard(field: GraphQLField<unknown, RequestContext>, scope: Scope): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (parent, given, context, info) => {
    requireScope(context.caller, scope);
    return resolve(parent, given, context, info);
  };
}

function accessOf(schema: GraphQLSchema, { astNode }: GraphQLField<unknown, unknown>): { scope?: Scope } | undefined {
  const directive = schema.getDirective('access');
  return directive && astNode ? getDirectiveValues(directive, astNode) : undefined;
}
