import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closedAfterwards } from './closing.js';
import { closeWhatIsOpen, Follower } from './follower.js';

let file: string;
beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'facet-list-'));
  closedAfterwards(() => rm(folder, { recursive: true }));
  file = join(folder, 'rooms');
});
afterEach(closeWhatIsOpen);

describe('the table of a file', () => {
  it('has the instances that the file names, with their zone and weight', async () => {
    await writeFile(file, '# rooms\n10.0.0.1:5052;zone=a;weight=2\n\n10.0.0.2:5052, 10.0.0.3:5052 # the new ones\n');
    const follower = new Follower(`static:@${file}`);
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052', '10.0.0.3:5052');
    expect(follower.tables).toHaveLength(1);
    expect(follower.tables[0]![0]).toEqual({ address: '10.0.0.1:5052', zone: 'a', weight: 2 });
  });

  it('follows the file, down to nobody', async () => {
    await writeFile(file, '10.0.0.1:5052');
    const follower = new Follower(`static:@${file}`);
    await follower.sees('10.0.0.1:5052');
    await writeFile(file, '10.0.0.1:5052\n10.0.0.2:5052\n');
    await follower.sees('10.0.0.1:5052', '10.0.0.2:5052');
    await writeFile(file, '# nobody\n');
    await follower.sees();
  });

  it('stays in use while the file is gone or makes no sense', async () => {
    await writeFile(file, '10.0.0.1:5052');
    const follower = new Follower(`static:@${file}`);
    await follower.sees('10.0.0.1:5052');
    await rm(file);
    await follower.hears('ENOENT');
    await writeFile(file, '10.0.0.2:5052');
    await follower.sees('10.0.0.2:5052');
    await writeFile(file, 'rooms');
    await follower.hears('must be static:');
    expect(follower.tables).toHaveLength(2);
  });

  it('has to be named', () => {
    expect(() => new Follower('static:@')).toThrow('static:@/etc/facet/rooms');
  });
});
