import { expect, it } from 'vitest';
import { apps } from './apps.js';
import type { Secrets } from './secrets.js';

const secrets = {
  rootKey: (name: string) => name,
  internalKey: () => 'key',
  encryptionKeys: () => ({}),
  clientKey: () => ({ d: 'private' }),
} as unknown as Secrets;
const surroundings = { portOffset: 0, kafkaBrokers: '', databaseUrl: (role: string) => `postgres://${role}@db/facet`, secrets };
const watchers = apps.filter(({ name }) => ['web-bff', 'mobile-bff'].includes(name));

it.each(watchers)('$name sees events as a role of its own, or on Kafka without any', ({ name, environment, watches }) => {
  expect(watches).toEqual(['facet.rooms.v1']);
  expect(environment(surroundings)).toMatchObject({ DATABASE_URL: `postgres://${name.replace('-', '_')}@db/facet` });
  const onKafka = environment({ ...surroundings, kafkaBrokers: 'kafka:9092' });
  expect(onKafka).toMatchObject({ KAFKA_BROKERS: 'kafka:9092' });
  expect(onKafka).not.toHaveProperty('DATABASE_URL');
});

it('partner-bff keeps no answers, and so is told of no events', () => {
  const partner = apps.find(({ name }) => name === 'partner-bff')!;
  expect(partner).not.toHaveProperty('watches');
  for (const kafkaBrokers of ['', 'kafka:9092']) {
    const told = Object.keys(partner.environment({ ...surroundings, kafkaBrokers }));
    expect(told.filter((key) => ['DATABASE_URL', 'KAFKA_BROKERS'].includes(key))).toEqual([]);
  }
});

it('what is watched is published by somebody', () => {
  const published = apps.map(({ publishes }) => publishes);
  for (const topic of apps.flatMap(({ watches = [] }) => watches)) expect(published).toContain(topic);
});
