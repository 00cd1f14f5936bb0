import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  docCommentViolations,
  errorPageViolations,
  errorTableViolations,
  linkViolations,
  projectViolations,
} from '../src/document-rules.js';
import { findCycles } from '../src/import-cycles.js';
import { protoViolations } from '../src/proto-rules.js';

const root = join(import.meta.dirname, '../../..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-planted-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

describe('the cycles check', () => {
  it('fails two files that import each other', async () => {
    plant('libs/a/src/one.ts', "import { two } from './two.js';\nexport const one = () => two;\n");
    plant('libs/a/src/two.ts', "import { one } from './one.js';\nexport const two = () => one;\n");
    expect(await findCycles(folder, ['libs'])).not.toEqual([]);
  });

  it('passes a chain', async () => {
    plant('libs/a/src/one.ts', "import { two } from './two.js';\nexport const one = () => two;\n");
    plant('libs/a/src/two.ts', 'export const two = 2;\n');
    expect(await findCycles(folder, ['libs'])).toEqual([]);
  });
});

describe('the proto check', () => {
  const released = join(root, 'proto/released.binpb');
  const users = 'facet/users/v1/users.proto';
  const change = (from: string, to: string) => {
    const text = readFileSync(join(folder, users), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(folder, users), text.replace(from, to));
  };
  beforeEach(() => cpSync(join(root, 'proto'), folder, { recursive: true }));

  it('passes what is committed', () => expect(protoViolations(folder, released, root)).toEqual([]));

  it('fails a field that changed its type', () => {
    change('string username = 2;', 'int32 username = 2;');
    expect(protoViolations(folder, released, root).join()).toContain('changed type');
  });

  it('fails a field that went', () => {
    change('  // Unique name that mentions are made with.\n  string username = 2;\n', '');
    expect(protoViolations(folder, released, root).join()).toContain('was deleted');
  });

  it('fails a field without a comment', () => {
    change('  // Unique name that mentions are made with.\n', '');
    expect(protoViolations(folder, released, root).join()).toContain('username');
  });
});

describe('the documents check', () => {
  it('fails an error code without its page, and a page without its code', () => {
    plant('docs/errors/not-found.md', '# not-found\n');
    plant('docs/errors/gone.md', '# gone\n');
    expect(errorPageViolations(folder, ['not-found', 'conflict'])).toHaveLength(2);
  });

  it('fails a line of the error table that says something else than the code, and one that no code has', () => {
    const missing = { code: 'not-found', status: 404, title: 'There is no such thing', grpc: 'NOT_FOUND' };
    const away = { code: 'away', status: 503, title: 'Away', grpc: 'UNAVAILABLE', retryAfterSeconds: 1, noAnswer: 'unavailable' };
    const row = (status: number) => `| ${status}    | [not-found](not-found.md) | There is no such thing | NOT_FOUND |     |     |\n`;
    plant('docs/errors/README.md', `| 503 | [away](away.md) | Away | UNAVAILABLE | 1 | unavailable |\n${row(404)}`);
    expect(errorTableViolations(folder, [missing, away])).toEqual([]);
    expect(errorTableViolations(folder, [missing])).toHaveLength(1);
    plant('docs/errors/README.md', row(400));
    expect(errorTableViolations(folder, [missing])).toHaveLength(2);
  });

  it('fails a project without README or owner', () => {
    plant('CODEOWNERS', '/libs/other/ @team\n');
    plant('libs/edge/package.json', '{}');
    expect(projectViolations(folder)).toHaveLength(2);
  });

  it('fails a link that leads nowhere', () => {
    plant('README.md', 'See [this](docs/gone.md) and [that](https://example.org).\n');
    expect(linkViolations(folder)).toEqual(['README.md links to docs/gone.md, which does not exist']);
  });

  it('fails a public export without a doc comment', () => {
    plant('libs/edge/src/index.ts', "export { one, two } from './numbers.js';\n");
    plant('libs/edge/src/numbers.ts', '/** one: the first. */\nexport const one = 1;\n/** The second. */\nexport const two = 2;\n');
    expect(docCommentViolations(folder)).toHaveLength(1);
  });
});
