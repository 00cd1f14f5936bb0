import type { Attack } from './attack.js';

const journeys = 'apps/system-e2e/test';

/** On what callers send. */
export const onCalls: readonly Attack[] = [
  {
    attack: 'A key in the URL, where logs and neighbours read it',
    defence: 'Refused whatever it is worth, and written down nowhere',
    without: [{ file: 'apps/partner-bff/src/keys/steps.ts', replace: 'if (!holdsCredential(url)) return;', by: 'if (url) return;' }],
    test: { file: 'apps/partner-bff/test/key-400.in.spec.ts', name: 'a parameter of any name' },
  },
  {
    attack: 'Object-level access: the id of somebody else’s room, message or file, on each operation that takes one',
    defence: 'Services decide on their own data; what one may not see is not there',
    without: [
      {
        file: 'libs/auth/src/conditions.ts',
        replace: 'return role !== undefined && role !== null;',
        by: 'return role !== undefined || role === undefined;',
      },
    ],
    test: {
      file: `${journeys}/object-access.in.spec.ts`,
      name: '$api $method $path shows and changes nothing of a room that its caller is not in',
    },
  },
  {
    attack: 'Property-level access and mass assignment: a role, an owner or an author in a body',
    defence: 'Members that are not in the schema are refused',
    without: [
      {
        file: 'libs/service-kit/src/validate.ts',
        replace: 'schema instanceof z.ZodObject ? (schema.strict() as unknown as Schema) : schema',
        by: 'schema',
      },
    ],
    test: { file: `${journeys}/property-access.in.spec.ts`, name: 'nobody writes %s' },
  },
  {
    attack: 'GraphQL: a fan of aliases',
    defence: 'Fields, rows, depth and mutations of an operation are bounded before anything runs',
    without: [
      {
        file: 'apps/web-bff/src/graphql/plan-operation.ts',
        replace: 'if (value <= limits[name]) return;',
        by: 'if (value >= 0) return;',
      },
    ],
    test: { file: 'apps/web-bff/src/graphql/examine-operation.spec.ts', name: 'refuses a fan of aliases' },
  },
  {
    attack: 'GraphQL: reading the schema of production',
    defence: 'No introspection, nor suggestions, outside development',
    without: [
      {
        file: 'apps/web-bff/src/graphql/documents.ts',
        replace: '[...specifiedRules, NoSchemaIntrospectionCustomRule]',
        by: 'specifiedRules',
      },
    ],
    test: { file: 'apps/web-bff/test/graphql-over-http.in.spec.ts', name: '{ __schema { types { name } } }' },
  },
  {
    attack: 'GraphQL: somebody else’s e-mail, asked for in a list',
    defence: 'Fields have rules; a forbidden one is null with an error',
    without: [
      { file: 'libs/auth/src/policy.ts', replace: "where: [ownOrAdmin('The address of somebody else is for admins.')]", by: 'where: []' },
    ],
    test: {
      file: 'apps/web-bff/test/field-access.in.spec.ts',
      name: 'of somebody else is null with an error, and all around it is there, though the service lets it slip',
    },
  },
  {
    attack: 'An internal token, taken from one BFF and used over another’s connection',
    defence: 'A token counts over a connection of its issuer’s certificate alone',
    without: [
      { file: 'libs/auth/src/internal-token-verifier.ts', replace: 'peer !== undefined && peer !== known.issuer', by: "peer === ''" },
    ],
    test: { file: 'libs/auth/src/internal-token.spec.ts', name: 'is accepted from its issuer alone, remembered or not' },
  },
  {
    attack: 'DNS rebinding: a page that reaches the development endpoints under a name of its own',
    defence: 'A loopback socket and a Host of this machine, and the flag',
    without: [{ file: 'libs/edge/src/is-local.ts', replace: 'hosts.has(host.toLowerCase()) && ', by: '' }],
    test: { file: 'libs/edge/src/is-local.spec.ts', name: 'is not for %j' },
  },
];
