// One configuration for every project; `nx test <project>` runs it in the project's folder.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Node applies these to `require` as well: `import` among them would give CommonJS packages modules that they cannot use.
const conditions = ['@facet/source', 'node', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@facet/source'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    setupFiles: [new URL('./libs/testing/src/setup.ts', import.meta.url).pathname],
    globalSetup: [
      existsSync('src/global-setup.ts')
        ? resolve('src/global-setup.ts')
        : new URL('./libs/testing/src/global-setup.ts', import.meta.url).pathname,
    ],
    // Journeys share one running Facet, and two of them at a time would share two cores.
    fileParallelism: !process.cwd().endsWith('system-e2e'),
    maxWorkers: 2,
    // Modules are loaded once per worker: a suite may spy on an object of one, not mock one (lint).
    isolate: false,
    // What one project's suite has compiled the next need not.
    fsModuleCache: true,
    fsModuleCachePath: new URL('./node_modules/.cache/vitest', import.meta.url).pathname,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
});
