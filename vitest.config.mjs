// One configuration for every project; `nx test <project>` runs it in the project's folder.
import { defineConfig } from 'vitest/config';

const conditions = ['@facet/source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@facet/source', 'node', 'import', 'module', 'default'] } },
  test: {
    include: ['src/**/*.spec.ts', 'test/**/*.spec.ts'],
    setupFiles: [new URL('./libs/testing/src/setup.ts', import.meta.url).pathname],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
    reporters: ['default', ['json', { outputFile: 'test-results.json' }]],
  },
});
