import { join } from 'node:path';
import { root } from './paths.mjs';

/** What is mutated in each library: its core, that is what decides. Wiring is left out, which the journeys hold. */
const cores = {
  aggregation: ['src/*.ts'],
  downstream: ['src/*.ts', '!src/*.module.ts', '!src/channel.ts', '!src/client-of.ts', '!src/connect-clients.ts', '!src/rpc-metrics.ts'],
};
const least = 80;

/**
 * Breaks each line of the cores on purpose, one after another, and counts how many of the breaks the library's own tests notice. Fails below 80 %.
 * Works on a copy within the library, which it removes. Returns an exit code.
 */
export async function runMutations(args) {
  const unknown = args.filter((name) => !cores[name]);
  if (unknown.length) {
    console.error(`There is no core of ${unknown.join(', ')}. There are: ${Object.keys(cores).join(', ')}.`);
    return 1;
  }
  const { Stryker } = await import('@stryker-mutator/core');
  for (const name of args.length ? args : Object.keys(cores)) {
    console.log(`\nMutations of libs/${name}`);
    process.chdir(join(root, 'libs', name));
    await new Stryker(optionsOf(cores[name])).runMutationTest();
  }
  return process.exitCode ?? 0;
}

function optionsOf(core) {
  return {
    testRunner: 'vitest',
    plugins: [join(root, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    vitest: { configFile: join(root, 'tools/run/mutate.vitest.mjs') },
    mutate: [...core, '!src/**/index.ts', '!src/**/*.spec.ts'],
    ignorePatterns: ['dist'],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    thresholds: { high: 90, low: least, break: least },
    reporters: ['progress-append-only', 'clear-text'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, skipFull: true },
    tempDirName: '.stryker-tmp',
    cleanTempDir: 'always',
  };
}
