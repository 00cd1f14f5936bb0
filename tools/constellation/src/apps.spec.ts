import { expect, it } from 'vitest';
import { apps, isService } from './apps.js';
import { mediaFolderOf } from './data.js';
import type { Secrets } from './secrets.js';

const secrets = {
  rootKey: (name: string) => name,
  internalKey: () => 'key',
  encryptionKeys: () => ({}),
  clientKey: () => ({ d: 'private' }),
} as unknown as Secrets;
const surroundings = { portOffset: 0, kafkaBrokers: '', databaseUrl: (role: string) => `postgres://${role}@db/facet`, secrets };
const watchers = apps.filter(({ name }) => name.endsWith('-bff'));

it.each(watchers)(
  '$name sees events as a role of its own, or on Kafka; its replicas share state in a schema of its own',
  ({ name, environment, watches, stateSchema }) => {
    expect(watches).toContain('facet.revocations.v1');
    expect(watches!.includes('facet.rooms.v1')).toBe(name !== 'partner-bff');
    expect(environment(surroundings)).toMatchObject({ DATABASE_URL: `postgres://${name.replace('-', '_')}@db/facet` });
    const onKafka = environment({ ...surroundings, kafkaBrokers: 'kafka:9092' });
    expect(onKafka).toMatchObject({ KAFKA_BROKERS: 'kafka:9092' });
    expect(stateSchema).toBe(name === 'partner-bff' ? undefined : name.replace('-', '_'));
    expect(onKafka['DATABASE_URL']).toBe(stateSchema && `postgres://${stateSchema}@db/facet`);
  },
);

it('media-service has a folder for its files, in a place of its own for each database', () => {
  const { environment, publishes } = apps.find(({ name }) => name === 'media-service')!;
  expect(publishes).toEqual(['facet.media.v1']);
  expect(environment({ ...surroundings, mediaFolder: '/somewhere' })).toMatchObject({ MEDIA_DIR: '/somewhere' });
  const home = '/home/facet';
  const folders = [undefined, 'postgres://a', 'postgres://b'].map((databaseUrl) => mediaFolderOf({ home, databaseUrl }));
  expect(new Set(folders).size).toBe(3);
  expect(folders[0]).toBe('/home/facet/media/embedded');
});

it('every BFF is told where each service is', () => {
  for (const name of ['web-bff', 'mobile-bff', 'partner-bff']) {
    const told = apps.find((app) => app.name === name)!.environment(surroundings);
    for (const service of apps.filter(isService))
      expect(told).toHaveProperty(`${service.schema!.toUpperCase()}_TARGET`, `static:127.0.0.1:${service.port}`);
  }
});

it('partner-bff and the issuer share a key, and know each other', () => {
  const [issuer, partner] = ['identity-provider', 'partner-bff'].map((name) => apps.find((app) => app.name === name)!);
  expect(JSON.parse(issuer!.environment(surroundings)['INTERNAL_KEYS']!)).toEqual({ 'partner-bff': 'key' });
  expect(partner!.environment({ ...surroundings, portOffset: 100 })['IDENTITY_TARGET']).toBe('static:127.0.0.1:4100');
});

it('what is watched is published by somebody', () => {
  const published = apps.flatMap(({ publishes = [] }) => publishes);
  for (const topic of apps.flatMap(({ watches = [] }) => watches)) expect(published).toContain(topic);
});

it('web-bff alone has the private key of its client, of which the issuer knows the public part, and a key for its sessions', () => {
  const told = Object.fromEntries(apps.map(({ name, environment }) => [name, environment(surroundings)]));
  expect(Object.keys(told).filter((name) => told[name]!['CLIENT_KEY'])).toEqual(['web-bff']);
  expect([told['web-bff']!['CLIENT_KEY'], told['web-bff']!['SESSION_KEYS']]).toEqual(['{"d":"private"}', '{}']);
  expect(told['identity-provider']!['CLIENTS']).not.toContain('private');
});

it('with TLS partner-bff asks the issuer where it answers our own applications alone', () => {
  const told = (tls: boolean) =>
    Object.fromEntries(apps.map(({ name, environment }) => [name, environment({ ...surroundings, portOffset: 100, tls })]));
  const at = (told: Record<string, Record<string, string>>) => [
    told['identity-provider']!['INTERNAL_PORT'],
    told['partner-bff']!['IDENTITY_TARGET'],
  ];
  expect(at(told(true))).toEqual(['4300', 'static:127.0.0.1:4300']);
  expect(at(told(false))).toEqual([undefined, 'static:127.0.0.1:4100']);
});
