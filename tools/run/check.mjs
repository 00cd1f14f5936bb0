import { inTurn, program } from './steps.mjs';
import { ensureBuilt } from './build.mjs';
import { runTests } from './test.mjs';

const check = (name, ...args) => program('node', [`tools/checks/dist/${name}.js`, ...args]);

/** Everything that must hold before a change lands: exactly what CI runs. Returns an exit code. */
export function runCheck(args) {
  return inTurn([
    ['format', () => program('prettier', ['--check', '--log-level', 'warn', '.'])],
    ['build', ensureBuilt],
    ['lint and boundaries', () => check('lint')],
    ['typecheck of specs', () => program('node', ['node_modules/ts7/bin/tsc', '-p', 'tsconfig.json'])],
    ['cycles', () => check('cycles')],
    ['shape', () => check('shape')],
    ['proto', () => check('proto')],
    ['documents', () => check('documents')],
    ['deploy files', () => check('deploy')],
    ['tests', () => runTests(args)],
  ]);
}
