// The rules of docs/house-rules that a linter can see: who may import whom, sizes, promises, environment.
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { boundaries } from './tools/checks/boundaries.mjs';

const specs = ['**/*.spec.ts', 'apps/*/test/**', 'libs/*/test/**', 'tools/*/test/**'];
const nestFiles = ['**/*.{module,controller,guard,interceptor,filter,pipe,decorator,resolver,gateway}.ts'];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'libs/contracts/src/**', '.nx/**', 'coverage/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { project: [new URL('./tsconfig.json', import.meta.url).pathname] } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries()],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      complexity: ['error', 12],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only a config.ts reads the environment.' }],
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } },
      ],
    },
  },
  { files: ['**/config.ts', 'libs/config/src/load-config.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: specs,
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries({ testing: true })],
      'max-lines': ['error', { max: 500 }],
      'max-lines-per-function': 'off',
      'no-restricted-properties': [
        'error',
        ...['mock', 'doMock'].map((property) => ({
          object: 'vi',
          property,
          message: 'Suites of a project share loaded modules: spy on an object.',
        })),
      ],
    },
  },
  { files: nestFiles, rules: { '@typescript-eslint/no-extraneous-class': 'off' } },
  prettier,
);
