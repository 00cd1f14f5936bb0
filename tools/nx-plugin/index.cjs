// Infers what a project can do from its files, so that a project is a package.json, a tsconfig.json and its sources.
const { createNodesFromFiles } = require('@nx/devkit');
const { existsSync, globSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

const compile = 'node ../../node_modules/ts7/bin/tsc -b';
const servers = [{ env: 'DATABASE_URL' }, { env: 'KAFKA_BROKERS' }, { env: 'REDIS_URL' }, { env: 'EUREKA_URL' }];
const sources = '{workspaceRoot}/{apps,libs,tools}/**/*.ts';
const protos = ['{workspaceRoot}/proto/**/*', '{workspaceRoot}/tools/contracts/**/*', 'shared'];

/** Suites that hold a page, or all sources, against what they find. */
const looksAt = {
  [join('test', 'resilience.in.spec.ts')]: ['{workspaceRoot}/docs/resilience.md'],
  [join('test', 'access.in.spec.ts')]: ['{workspaceRoot}/docs/access.md'],
  [join('src', 'attacks.spec.ts')]: ['{workspaceRoot}/docs/security.md', sources],
};

/** Targets of the project in `root`: `build` and `lint` always, `test` where there are specs. */
function targetsOf(root, workspaceRoot) {
  const target = (command, { on, inputs, outputs }) => ({ command, options: { cwd: root }, cache: true, dependsOn: [on], inputs, outputs });
  const specs = globSync('{src,test}/**/*.spec.ts', { cwd: join(workspaceRoot, root) });
  return {
    build: target(compile, { on: '^build', inputs: ['production', '^production'], outputs: ['{projectRoot}/dist'] }),
    lint: target('eslint . --max-warnings 0', { on: '^build', inputs: ['default', '^production'], outputs: [] }),
    ...(root === 'tools/checks' && { 'lint-all': lintAll }),
    ...(specs.length > 0 && {
      test: target('vitest run --config ../../vitest.config.mjs --root .', {
        on: 'build',
        inputs: ['default', '^production', ...servers, ...specs.flatMap((spec) => looksAt[spec] ?? [])],
        outputs: ['{projectRoot}/test-results.json'],
      }),
    }),
  };
}

/** All projects at once: their types are worked out once, not once for each. */
const lintAll = {
  command: 'eslint apps libs tools --max-warnings 0',
  cache: true,
  inputs: [sources, 'shared', '{workspaceRoot}/tsconfig.json', '{workspaceRoot}/tools/checks/boundaries.mjs'],
  outputs: [],
};

/** Targets of libs/contracts, whose sources are generated. */
function contractTargetsOf(root) {
  return {
    generate: {
      command: 'node tools/contracts/generate.mjs',
      cache: true,
      inputs: protos,
      outputs: ['{projectRoot}/src', '{projectRoot}/facet.binpb'],
    },
    build: {
      command: compile,
      options: { cwd: root },
      cache: true,
      dependsOn: ['generate'],
      inputs: [...protos, '{projectRoot}/tsconfig.json'],
      outputs: ['{projectRoot}/dist'],
    },
  };
}

const createNodes = (files, options, context) =>
  createNodesFromFiles(
    (file) => {
      const root = dirname(file);
      if (!existsSync(join(context.workspaceRoot, root, 'package.json'))) return {};
      const targets = root === 'libs/contracts' ? contractTargetsOf(root) : targetsOf(root, context.workspaceRoot);
      const projectType = root.startsWith('apps/') ? 'application' : 'library';
      return { projects: { [root]: { name: basename(root), projectType, targets } } };
    },
    files,
    options,
    context,
  );

const pattern = '{apps,libs,tools}/*/tsconfig.json';
module.exports = { name: 'facet', createNodesV2: [pattern, createNodes], createNodes: [pattern, createNodes] };
