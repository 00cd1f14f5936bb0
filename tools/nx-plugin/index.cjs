// Infers what a project can do from its files, so that a project is a package.json, a tsconfig.json and its sources.
const { createNodesFromFiles } = require('@nx/devkit');
const { existsSync, globSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

const protoInputs = ['{workspaceRoot}/proto/**/*', '{workspaceRoot}/tools/contracts/**/*', 'shared'];

/** Targets of the project in `root`: `build` and `lint` always, `test` where there are specs, `generate` for the contracts. */
function targetsOf(root, workspaceRoot) {
  const at = (command) => ({ command, options: { cwd: root } });
  const specs = globSync('{src,test}/**/*.spec.ts', { cwd: join(workspaceRoot, root) });
  return {
    build: at('node ../../node_modules/ts7/bin/tsc -b'),
    lint: at('eslint . --max-warnings 0'),
    ...(specs.length > 0 && {
      test: { ...at('vitest run --config ../../vitest.config.mjs --root .'), outputs: ['{projectRoot}/test-results.json'] },
    }),
  };
}

/** Targets of libs/contracts, whose sources are generated. */
function contractTargetsOf(root) {
  return {
    generate: {
      command: 'node tools/contracts/generate.mjs',
      cache: true,
      inputs: protoInputs,
      outputs: ['{projectRoot}/src', '{projectRoot}/facet.binpb'],
    },
    build: {
      command: 'node ../../node_modules/ts7/bin/tsc -b',
      options: { cwd: root },
      dependsOn: ['generate'],
      inputs: [...protoInputs, '{projectRoot}/tsconfig.json'],
    },
  };
}

const createNodes = (files, options, context) =>
  createNodesFromFiles(
    (file) => {
      const root = dirname(file);
      if (!existsSync(join(context.workspaceRoot, root, 'package.json'))) return {};
      const targets = basename(root) === 'contracts' ? contractTargetsOf(root) : targetsOf(root, context.workspaceRoot);
      return { projects: { [root]: { name: basename(root), projectType: root.startsWith('apps/') ? 'application' : 'library', targets } } };
    },
    files,
    options,
    context,
  );

module.exports = {
  name: 'facet',
  createNodesV2: ['{apps,libs,tools}/*/tsconfig.json', createNodes],
  createNodes: ['{apps,libs,tools}/*/tsconfig.json', createNodes],
};
