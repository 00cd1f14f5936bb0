import { ESLint } from 'eslint';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const bin = join(root, 'node_modules/.bin');

/** Rules that need the types of a file on disk cannot look at a planted one. */
const untyped = {
  languageOptions: { parserOptions: { project: null, projectService: false } },
  rules: {
    '@typescript-eslint/no-floating-promises': 'off',
    '@typescript-eslint/no-misused-promises': 'off',
    '@typescript-eslint/no-unused-vars': 'off',
  },
} as const;

let eslint: ESLint;

beforeAll(() => {
  execFileSync(join(bin, 'nx'), ['show', 'projects'], {
    cwd: root,
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, NX_DAEMON: 'false' },
  });
  process.chdir(root);
  eslint = new ESLint({ cwd: root, overrideConfig: [untyped as never] });
});

async function rulesBrokenBy(text: string, filePath: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: join(root, filePath) });
  return result!.messages.map(({ ruleId, message }) => ruleId ?? message);
}

describe('a bad import fails, whoever it is of', () => {
  const boundaries = '@nx/enforce-module-boundaries';

  it.each([
    ['a BFF that imports testing code', 'apps/mobile-bff/src/planted.ts', '@facet/testing'],
    ['a BFF that speaks Kafka', 'apps/mobile-bff/src/planted.ts', 'kafkajs'],
    ['a BFF that speaks gRPC by itself', 'apps/web-bff/src/planted.ts', '@grpc/grpc-js'],
    ['a BFF that speaks SQL', 'apps/partner-bff/src/planted.ts', 'kysely'],
    ['an identity provider that imports testing code', 'apps/identity-provider/src/planted.ts', '@facet/testing'],
    ['a service that imports the edge', 'apps/rooms-service/src/planted.ts', '@facet/edge'],
    ['an edge library that imports testing code', 'libs/edge/src/planted.ts', '@facet/testing'],
    ['a kit library that imports the edge', 'libs/database/src/planted.ts', '@facet/edge'],
    ['a core library that imports kit', 'libs/context/src/planted.ts', '@facet/auth'],
    ['a core library that imports Nest', 'libs/errors/src/planted.ts', '@nestjs/common'],
    ['a contract that imports anything of ours', 'libs/contracts/planted.ts', '@facet/errors'],
    ['a testing library that imports an app', 'libs/testing/src/planted.ts', '../../../apps/rooms-service/src/main.js'],
    ['a tool that imports an app', 'tools/constellation/src/planted.ts', '../../../apps/rooms-service/src/main.js'],
    ['an app that imports an app', 'apps/rooms-service/src/planted.ts', '../../users-service/src/main.js'],
  ])('%s', async (_, file, target) => {
    expect(await rulesBrokenBy(`import * as planted from '${target}';\nexport const used = planted;\n`, file)).toContain(boundaries);
  });

  it('and a good one passes', async () => {
    expect(
      await rulesBrokenBy(
        "import { ProblemError } from '@facet/errors';\nexport const used = ProblemError;\n",
        'apps/mobile-bff/src/planted.ts',
      ),
    ).toEqual([]);
  });

  it('a spec may import testing code', async () => {
    expect(
      await rulesBrokenBy(
        "import { callerOf } from '@facet/testing';\nexport const used = callerOf;\n",
        'apps/rooms-service/src/planted.spec.ts',
      ),
    ).toEqual([]);
  });
});

describe('a file fails that', () => {
  it.each([
    ['has 301 lines', 'max-lines', 'export const a = 1;\n'.repeat(301)],
    ['has a function of 61 lines', 'max-lines-per-function', `export function a() {\n${'  a();\n'.repeat(61)}}\n`],
    [
      'has a function with 13 ways through',
      'complexity',
      `export function a(b: number) {\n${'  if (b) return 1;\n'.repeat(13)}  return 2;\n}\n`,
    ],
    ['reads the environment outside a config.ts', 'no-restricted-properties', 'export const a = process.env;\n'],
    ['has a default export', 'no-restricted-exports', 'export default 1;\n'],
    ['says any', '@typescript-eslint/no-explicit-any', 'export const a: any = 1;\n'],
  ])('%s', async (_, rule, text) => {
    expect(await rulesBrokenBy(text, 'apps/rooms-service/src/planted.ts')).toContain(rule);
  });

  it('but not a config.ts that reads the environment', async () => {
    expect(await rulesBrokenBy('export const a = process.env;\n', 'apps/rooms-service/src/config.ts')).toEqual([]);
  });
});
