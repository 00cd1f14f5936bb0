import { cruise, type ICruiseResult } from 'dependency-cruiser';

/** Cycles of imports among the TypeScript below these folders, each as a chain of paths. Imports of types count: they bind readers as well. */
export async function findCycles(root: string, folders: readonly string[]): Promise<string[]> {
  const { output } = await cruise([...folders], {
    baseDir: root,
    validate: true,
    ruleSet: { forbidden: [{ name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } }] },
    tsPreCompilationDeps: true,
    doNotFollow: { path: ['node_modules', 'dist'] },
    exclude: { path: ['node_modules', '/dist/', 'libs/contracts/src/gen/google'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@facet/source', 'import', 'default'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  });
  return (output as ICruiseResult).summary.violations.map(
    ({ from, cycle }) => `a cycle of imports: ${[from, ...(cycle ?? []).map(({ name }) => name)].join(' -> ')}`,
  );
}
