import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { pageWith, wordsOn, type ObservedLine } from './access-page.js';

/** AccessLine: something that can be asked for, and the rule by which it is decided. */
export interface AccessLine<Person extends string> {
  readonly name: string;
  readonly rule: string;
  /** Asks for it, for real, and answers what it came to: `yes`, or the code of the refusal. */
  ask(person: Person): Promise<string>;
}

/** AccessOptions: an application, who asks, and all that can be asked of it. */
export interface AccessSuiteOptions<Person extends string> {
  readonly application: string;
  readonly people: readonly Person[];
  readonly lines: readonly AccessLine<Person>[];
  /** Everybody asks at once, so that reads travel as batches of mixed callers. */
  readonly together?: boolean;
}

/**
 * accessSuite: asks for everything as everybody, and makes a test of each answer: it is what docs/access.md says. One more holds the page's section as a
 * whole, so that a line too many or too few fails. With `--update` (npm run access) what was observed is written.
 */
export async function accessSuite<Person extends string>({
  application,
  people,
  lines,
  together = false,
}: AccessSuiteOptions<Person>): Promise<void> {
  const path = fileURLToPath(new URL('../../../../docs/access.md', import.meta.url));
  const page = readFileSync(path, 'utf8');
  const observed = await observe(people, lines, together);

  describe.each(observed)('$name', ({ name, words }) => {
    it.each(people)('%s', (person) => {
      if (isWriting()) return;
      expect({ [person]: words[person] }).toEqual({ [person]: wordsOn(page, application, name)?.[person] });
    });
  });

  it('docs/access.md says the same (npm run access writes it)', async () => {
    await expect(pageWith({ application, people, lines: observed }, page)).toMatchFileSnapshot(path);
  });
}

/** One line after the other: what one does, the next may find. */
async function observe<Person extends string>(
  people: readonly Person[],
  lines: readonly AccessLine<Person>[],
  together: boolean,
): Promise<ObservedLine[]> {
  const observed: ObservedLine[] = [];
  for (const { name, rule, ask } of lines) {
    const words: Record<string, string> = {};
    const asking = async (person: Person) => void (words[person] = await ask(person));
    if (together) await Promise.all(people.map(asking));
    else for (const person of people) await asking(person);
    observed.push({ name, rule, words });
  }
  return observed;
}

function isWriting(): boolean {
  return expect.getState().snapshotState.snapshotUpdateState === 'all';
}
