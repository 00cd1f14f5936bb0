import { MemberLeft } from '@facet/contracts/rooms';
import { Module } from '@nestjs/common';
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
  class Kept implements KeptAnswers {
    readonly resume = () => void told.push('resume');
    readonly suspend = () => void told.push('suspend');
    readonly purge = (subject: string) => void told.push(`purge ${subject}`);
  }
  @Module({ providers: [Kept], exports: [Kept] })
  class KeptModule {}
  const watch = EndedRightsModule.forRoot({
    service: 'mobile-bff',
    config: { KAFKA_BROKERS: [], DATABASE_URL: databaseUrl },
    tell: Kept,
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

test('whoever keeps answers and cannot forget all of them does not compile', () => {
  abstract class Kept {
    abstract purge(subject: string): void;
  }
  const config = { KAFKA_BROKERS: [], DATABASE_URL: undefined };
  // @ts-expect-error it has neither suspend nor resume
  expect(EndedRightsModule.forRoot({ service: 'mobile-bff', config, tell: Kept })).toBeDefined();
});

test('an application starts and stops though there are no events, and uses no kept answer', async () => {
  const { app, told } = await startWatching('postgres://mobile_bff:test@127.0.0.1:1/facet');
  await app.close();
  expect(told).toEqual(['suspend']);
});
