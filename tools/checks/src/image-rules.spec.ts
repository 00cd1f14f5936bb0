import { expect, it } from 'vitest';
import { developmentImportViolations, imageFiles, imageViolations } from './image-rules.js';

const built = [
  'apps/a/dist/main.js',
  'apps/a/dist/dev/dev.module.js',
  'apps/a/src/main.ts',
  'libs/x/dist/index.js',
  'libs/testing/dist/index.js',
  'tools/bench/dist/main.js',
];
const copies = 'COPY --from=build /facet/libs/ libs/\nCOPY --from=build /facet/apps/${APP}/ apps/${APP}/\n';
const sources = 'RUN find apps libs tools -name src -type d -prune -exec rm -rf {} +\n';
const development = 'RUN rm -rf apps/*/dist/dev libs/testing\n';

it('an image that takes all of it away passes, and holds what runs', () => {
  expect(imageViolations(sources + development + copies, built)).toEqual([]);
  expect(imageFiles(sources + development + copies, built)).toEqual(['apps/a/dist/main.js', 'libs/x/dist/index.js']);
});

it('code of development, sources and what serves tests fail the check', () => {
  expect(imageViolations(copies, built)).toHaveLength(3);
  expect(imageViolations(sources + copies, built)).toEqual([
    'Dockerfile: apps/a/dist/dev/dev.module.js is in the image',
    'Dockerfile: libs/testing/dist/index.js is in the image',
  ]);
});

it('what is imported while running alone may be left out of an image', () => {
  const at = (path: string, text: string) => developmentImportViolations([{ path, text }]);
  const always = "import { DevModule } from './dev/dev.module.js';";
  expect(at('apps/a/src/app.module.ts', always)).toHaveLength(1);
  expect(at('apps/a/src/x/y.ts', "export { a } from '../dev/a.js';")).toHaveLength(1);
  expect(at('apps/a/src/main.ts', "const dev = await import('./dev/dev.module.js');")).toEqual([]);
  expect(at('apps/a/src/main.ts', "import type { A } from './dev/a.js';")).toEqual([]);
  expect(at('apps/a/src/dev/b.ts', "import { a } from '../dev/a.js';")).toEqual([]);
  expect(at('apps/a/test/a.in.spec.ts', "import { a } from '../src/dev/a.js';")).toEqual([]);
});
