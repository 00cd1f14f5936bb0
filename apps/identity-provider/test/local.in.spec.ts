import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import type { TestDatabase } from '@facet/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tables } from '../src/store/tables.js';
import { identityDatabase, startIdentity, type Identity } from './start-identity.js';

let database: TestDatabase<Tables>;
let identity: Identity;
beforeAll(async () => {
  database = await identityDatabase();
  identity = await startIdentity(database);
});
afterAll(async () => {
  await identity.stop();
  await database.close();
});

const paths = ['GET /dev/mailbox', 'POST /dev/token', 'POST /dev/accounts', 'POST /dev/session'];
const own = Object.values(networkInterfaces())
  .flat()
  .find((each) => each && !each.internal && each.family === 'IPv4')?.address;

/** Over a loopback socket, under that name. */
function ask(line: string, host: string): Promise<number | undefined> {
  const [method, path] = line.split(' ');
  return new Promise((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: identity.port, method, path, headers: { host, 'content-type': 'application/json' } });
    asking.on('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asking.on('error', reject).end(method === 'POST' ? '{}' : undefined);
  });
}

describe.each(paths)('%s', (line) => {
  it.each(['localhost', '127.0.0.1', '[::1]'])('exists under %s', async (name) => {
    expect(await ask(line, `${name}:${identity.port}`)).not.toBe(404);
  });

  it('does not exist under a name that a page of another site was rebound to, nor under another port', async () => {
    expect(await ask(line, `rebound.example:${identity.port}`)).toBe(404);
    expect(await ask(line, `localhost.rebound.example:${identity.port}`)).toBe(404);
    expect(await ask(line, 'localhost:1')).toBe(404);
    expect(await ask(line, 'localhost')).toBe(404);
  });
});

it.runIf(own)('in development it does not listen for other machines', async () => {
  await expect(fetch(`http://${own}:${identity.port}/health/live`)).rejects.toThrow();
  await expect(startIdentity(database, 'development', { HOST: '0.0.0.0' } as never)).rejects.toThrow('FACET_ENV=development');
});
