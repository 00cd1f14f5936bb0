import type { TestDatabase } from '@facet/testing';
import type * as openid from 'openid-client';
import { afterAll, beforeAll } from 'vitest';
import type { Config } from '../src/config.js';
import type { Tables } from '../src/store/tables.js';
import { clients, webApp } from './clients.js';
import { demoWorld, identityDatabase, startIdentity, type Identity } from './start-identity.js';

export interface DemoWorld {
  readonly database: TestDatabase<Tables>;
  readonly identity: Identity;
  /** The web application, as a client of it. */
  readonly web: openid.Configuration;
}

/** A running identity-provider with the demo world in a database of its own, for all tests of a file. */
export function inDemoWorld(give: (world: DemoWorld) => void, settings: Partial<Config> = {}): void {
  let identity: Identity | undefined;
  beforeAll(async () => {
    const database = await identityDatabase();
    identity = await startIdentity(database, 'development', { CLIENTS: clients, ...settings });
    await identity.post('/dev/accounts', demoWorld());
    give({ database, identity, web: await webApp(identity) });
  });
  afterAll(() => identity?.stop());
}
