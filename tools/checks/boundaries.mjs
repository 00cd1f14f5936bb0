// Who may import whom: the table of house-style.md as options of @nx/enforce-module-boundaries.
const infrastructure = ['kafkajs', 'ioredis', '@grpc/*', 'pg', 'kysely'];

const rows = {
  'type:bff': { on: ['type:edge', 'type:kit', 'type:core', 'type:contract'], banned: infrastructure },
  'type:identity': { on: ['type:edge', 'type:kit', 'type:core', 'type:contract'] },
  'type:service': { on: ['type:kit', 'type:core', 'type:contract'] },
  'type:client': { on: ['type:contract'], banned: ['@nestjs/*', '@grpc/*'] },
  'type:edge': { on: ['type:edge', 'type:kit', 'type:core', 'type:contract'] },
  'type:kit': { on: ['type:kit', 'type:core', 'type:contract'] },
  'type:core': { on: ['type:core'], banned: ['@nestjs/*', 'rxjs'] },
  'type:contract': { on: [], banned: ['@nestjs/*'] },
  'type:testing': { on: ['type:testing', 'type:edge', 'type:kit', 'type:core', 'type:contract', 'type:tool'] },
  'type:tool': { on: ['type:tool', 'type:edge', 'type:kit', 'type:core', 'type:contract'] },
};

/** Options of the rule. With `testing`, for specs and `test/` folders, which may import the testing library as well. */
export function boundaries({ testing = false } = {}) {
  return {
    allow: [],
    enforceBuildableLibDependency: true,
    depConstraints: Object.entries(rows).map(([sourceTag, { on, banned }]) => ({
      sourceTag,
      onlyDependOnLibsWithTags: testing ? [...on, 'type:testing'] : on,
      ...(banned && { bannedExternalImports: banned }),
    })),
  };
}
