import { describe, expect, it } from 'vitest';
import { brokenRules, sharedLines } from './shape-rules.js';

const broken = (path: string, text: string) => brokenRules([{ path, text }]);

describe('the shape check fails', () => {
  it.each([
    ['a file of 301 lines', 'libs/edge/src/long.ts', 'a\n'.repeat(301)],
    ['a spec of 501 lines', 'libs/edge/src/long.spec.ts', 'a\n'.repeat(501)],
    ['a main.ts of 16 lines', 'apps/web-bff/src/main.ts', 'a\n'.repeat(16)],
    ['an app.module.ts of 41 lines', 'apps/web-bff/src/app.module.ts', 'a\n'.repeat(41)],
    ['a helper', 'libs/edge/src/text.helper.ts', ''],
    ['a service that is a class', 'apps/web-bff/src/rooms.service.ts', ''],
    ['camel case', 'libs/edge/src/longName.ts', ''],
    ['inheritance in an app', 'apps/web-bff/src/a.ts', 'class A extends Base {}'],
    ['an import of the own index', 'libs/edge/src/a.ts', `import { b } from './${'index'}.js';`],
    ['a focused test', 'libs/edge/src/a.spec.ts', `${'it'}.only('a', () => {});`],
    ['a service that asks which client is calling', 'apps/rooms-service/src/a.ts', "if (caller.client === 'web') {}"],
    ['Nest in a core file of a library', 'libs/throttling/src/a.ts', "import { Injectable } from '@nestjs/common';"],
  ])('%s', (_, path, text) => expect(broken(path, text)).toHaveLength(1));

  it.each([
    ['a file of 300 lines', 'libs/edge/src/long.ts', 'a\n'.repeat(300)],
    ['an error class in an app', 'apps/web-bff/src/a.ts', 'class A extends Error {}'],
    ['Nest in a file with its suffix', 'libs/throttling/src/a.guard.ts', "import { Injectable } from '@nestjs/common';"],
    ['the spec of a guard', 'libs/throttling/src/a.guard.spec.ts', ''],
    ['Nest in a library that hosts it', 'libs/edge/src/a.ts', "import { Injectable } from '@nestjs/common';"],
    ['an integration spec', 'apps/web-bff/test/rooms.in.spec.ts', ''],
  ])('but not %s', (_, path, text) => expect(broken(path, text)).toEqual([]));
});

describe('what two applications share', () => {
  const file = (path: string, ...lines: string[]) => [{ path, text: lines.join('\n') }];
  const line = (n: number) => `export const somethingLongEnough${n} = ${n};`;

  it('is the part of the smaller one that stands in the other', () => {
    expect(sharedLines(file('a', line(1), line(2)), file('b', line(1), line(3), line(4)))).toBe(0.5);
  });

  it('leaves imports and short lines out', () => {
    expect(
      sharedLines(
        file('a', "import { aVeryLongName } from './somewhere.js';", '}'),
        file('b', "import { aVeryLongName } from './somewhere.js';", '}'),
      ),
    ).toBe(0);
  });
});
