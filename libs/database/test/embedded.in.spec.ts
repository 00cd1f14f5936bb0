import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EmbeddedPostgres } from '../src/embedded.js';
import { openDatabase } from '../src/index.js';

/** A folder that every account can enter. */
const open = async (prefix: string) => {
  const path = await mkdtemp(join(tmpdir(), prefix));
  await chmod(path, 0o755);
  return path;
};

let folder: string;
beforeAll(async () => void (folder = await open('facet-embedded-')));
afterAll(() => EmbeddedPostgres.erase(folder));

const ask = async (url: string, statement: string) => {
  const db = openDatabase<unknown>({ url, schema: 'public', applicationName: 'test' });
  const { rows } = await sql.raw<Record<string, unknown>>(statement).execute(db);
  await db.destroy();
  return rows;
};

/** A process that starts the server and says its URL, to be killed. */
const startElsewhere = async () => {
  const program = new URL('../dist/embedded.js', import.meta.url).href;
  const code = `const { EmbeddedPostgres } = await import('${program}');
    const { url } = await EmbeddedPostgres.start({ folder: '${folder}', port: 0 }); console.log(url); setInterval(() => {}, 1e9);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, url };
};

test('data in a folder survive a stop', async () => {
  const first = await EmbeddedPostgres.start({ folder, port: 0 });
  await ask(first.url, 'create table kept (n int)');
  await ask(first.url, 'insert into kept values (1)');
  await first.stop();
  const second = await EmbeddedPostgres.start({ folder, port: 0 });
  expect(await ask(second.url, 'select * from kept')).toEqual([{ n: 1 }]);
  await second.stop();
});

test('a process that is killed takes its server along, and the next start loses nothing that was committed', async () => {
  const { child, url } = await startElsewhere();
  await ask(url, 'insert into kept values (2)');
  child.kill('SIGKILL');
  const next = await EmbeddedPostgres.start({ folder, port: 0 });
  expect(await ask(next.url, 'select * from kept order by n')).toEqual([{ n: 1 }, { n: 2 }]);
  await next.stop();
});

test('a kill of everything, the server included, loses nothing that was committed', async () => {
  const { child, url } = await startElsewhere();
  await ask(url, 'insert into kept values (3)');
  const postmaster = Number((await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  process.kill(postmaster, 'SIGKILL');
  child.kill('SIGKILL');
  const next = await EmbeddedPostgres.start({ folder, port: 0 });
  expect(await ask(next.url, 'select * from kept order by n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  await next.stop();
});

test('a stale postmaster.pid that names a living stranger does not keep the server from starting', async () => {
  await writeFile(join(folder, 'data', 'postmaster.pid'), `${process.pid}\n${join(folder, 'data')}\n1\n5432\n\n127.0.0.1\n1 1\nready\n`);
  const server = await EmbeddedPostgres.start({ folder, port: 0 });
  expect(await ask(server.url, 'select count(*) as n from kept')).toEqual([{ n: 3 }]);
  await server.stop();
});

test('a folder that another server has is one clear line', async () => {
  const server = await EmbeddedPostgres.start({ folder, port: 0 });
  await expect(EmbeddedPostgres.start({ folder, port: 0 })).rejects.toMatchObject({
    reason: 'folder-in-use',
    message: /is in use by another PostgreSQL/,
  });
  expect(await ask(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  await server.stop();
});

test('a port in use is one clear line that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const refused = EmbeddedPostgres.start({ folder, port });
  await expect(refused).rejects.toMatchObject({
    reason: 'port-in-use',
    message: expect.stringMatching(new RegExp(`^Port ${port} is in use[^\n]*$`)),
  });
  other.close();
});

test('a broken data folder is one clear line that names it', async () => {
  const broken = await open('facet-broken-');
  const server = await EmbeddedPostgres.start({ folder: broken, port: 0 });
  await server.stop();
  await rm(join(broken, 'data', 'global'), { recursive: true });
  await expect(EmbeddedPostgres.start({ folder: broken, port: 0 })).rejects.toMatchObject({
    reason: 'folder-broken',
    message: expect.stringMatching(/^The database folder [^\n]*facet-broken[^\n]*$/),
  });
  await EmbeddedPostgres.erase(broken);
});

test('a first start that was cut off is simply begun again', async () => {
  const half = await open('facet-half-');
  await mkdir(join(half, 'data.new', 'base'), { recursive: true });
  const server = await EmbeddedPostgres.start({ folder: half, port: 0 });
  expect(await ask(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  await server.stop();
  await EmbeddedPostgres.erase(half);
});

test.skipIf(process.getuid?.() !== 0)('root may keep the folder where no other account can enter', async () => {
  const hidden = await mkdtemp(join(tmpdir(), 'facet-hidden-'));
  await chmod(hidden, 0o700);
  const inside = join(hidden, 'postgres');
  const first = await EmbeddedPostgres.start({ folder: inside, port: 0 });
  await ask(first.url, 'create table kept (n int)');
  await first.stop();
  const second = await EmbeddedPostgres.start({ folder: inside, port: 0 });
  expect(await ask(second.url, 'select * from kept')).toEqual([]);
  await second.stop();
  await EmbeddedPostgres.erase(inside);
  await rm(hidden, { recursive: true });
});

test('what is temporary is gone after the stop', async () => {
  const server = await EmbeddedPostgres.start({ temporary: true, port: 0 });
  const [{ data_directory: data }] = (await ask(server.url, 'show data_directory')) as [{ data_directory: string }];
  await server.stop();
  await expect(readFile(join(data, 'PG_VERSION'))).rejects.toThrow('ENOENT');
});
