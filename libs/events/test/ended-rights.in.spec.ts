import { MemberLeft } from '@facet/contracts/rooms';
import { Module, type Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EndedRightsModule, type KeptAnswers } from '../src/ended-rights.module.js';
import { event } from '../src/index.js';
import { appendToLog, provisionEvents } from '../src/provision.js';
import { until } from './watch-suite.js';
import { World } from './world.js';

let world: World;
beforeAll(async () => void (world = await World.create([])));
afterAll(() => world.close());

const startWatching = async (databaseUrl: string | undefined) => {
  const told: string[] = [];
  const kept: KeptAnswers = {
    resume: () => void told.push('resume'),
    suspend: () => void told.push('suspend'),
    purge: (subject) => void told.push(`purge ${subject}`),
  };
  const provider: Provider = { provide: 'kept', useValue: kept };
  @Module({ providers: [provider], exports: ['kept'] })
  class KeptModule {}
  const watch = EndedRightsModule.forRoot({
    service: 'mobile-bff',
    config: { KAFKA_BROKERS: [], DATABASE_URL: databaseUrl },
    tell: 'kept',
  });
  const app = await NestFactory.createApplicationContext(
    { module: class {}, imports: [{ module: KeptModule, global: true }, watch] },
    {
      logger: false,
    },
  );
  return { app, told };
};

test('an application without a schema forgets what it kept for somebody who left a room', async () => {
  await provisionEvents(world.adminUrl, {
    topics: [{ name: 'facet.rooms.v1', owner: 'rooms_service' }],
    roles: [],
    readers: [{ role: 'mobile_bff', topics: ['facet.rooms.v1'] }],
  });
  const { app, told } = await startWatching(world.source().databaseUrl);
  await until(() => told.includes('resume'));
  const left = event(MemberLeft, { key: 'r' }, MemberLeft.fromPartial({ roomId: 'r', userId: 'alice' }));
  await appendToLog(world.participant('rooms').db, [{ ...left, source: 'rooms-service' }]);
  await until(() => told.includes('purge alice'));
  await app.close();
  expect(told.at(-1)).toBe('suspend');
});

test('an application starts and stops though there are no events, and uses no kept answer', async () => {
  const { app, told } = await startWatching('postgres://mobile_bff:test@127.0.0.1:1/facet');
  await app.close();
  expect(told).toEqual(['suspend']);
});
