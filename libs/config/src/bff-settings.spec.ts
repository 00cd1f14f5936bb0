import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bffSettings, eventSettings, eventsSomewhere, serviceSettings, withManagementPort } from './bff-settings.js';

const settings = z
  .object({ ...bffSettings(4002), ...eventSettings, ...serviceSettings('USERS', { port: 5051, deadlineMs: 500 }) })
  .refine(...eventsSomewhere)
  .transform(withManagementPort);
const secret = { INTERNAL_ROOT_KEY: Buffer.alloc(32, 1).toString('base64url'), DATABASE_URL: 'postgres://mobile_bff:x@127.0.0.1/facet' };
const wrong = (environment: object) => settings.safeParse(environment).error?.issues.map(({ path }) => path[0]);

describe('settings of a BFF that watches', () => {
  it('need nothing but the secret and a place of events, and mean production on loopback', () => {
    expect(settings.parse(secret)).toMatchObject({
      FACET_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: 4002,
      MANAGEMENT_PORT: 4102,
      USERS_TARGET: 'static:127.0.0.1:5051',
      USERS_DEADLINE_MS: 500,
      INTERNAL_CLIENTS: [],
    });
    expect(wrong({})).toEqual(['INTERNAL_ROOT_KEY', 'DATABASE_URL']);
  });

  it('name the clients of our own, where there are any', () => {
    expect(settings.parse({ ...secret, INTERNAL_CLIENTS: 'admin-app, mobile-beta' }).INTERNAL_CLIENTS).toEqual([
      'admin-app',
      'mobile-beta',
    ]);
  });

  it('take brokers in place of a database, and name its absence together with all else that is wrong', () => {
    const { INTERNAL_ROOT_KEY } = secret;
    expect(settings.parse({ INTERNAL_ROOT_KEY, KAFKA_BROKERS: 'a:9092, b:9092' }).KAFKA_BROKERS).toEqual(['a:9092', 'b:9092']);
    expect(wrong({ INTERNAL_ROOT_KEY, PORT: 'x' })).toEqual(['PORT', 'DATABASE_URL']);
    expect(wrong({ INTERNAL_ROOT_KEY, DATABASE_URL: 'mysql://a/b' })).toEqual(['DATABASE_URL']);
  });

  it('put the management port 100 above the public one, unless told otherwise', () => {
    expect(settings.parse({ ...secret, PORT: '8080' }).MANAGEMENT_PORT).toBe(8180);
    expect(settings.parse({ ...secret, PORT: '0' }).MANAGEMENT_PORT).toBe(0);
    expect(settings.parse({ ...secret, MANAGEMENT_PORT: '9000' }).MANAGEMENT_PORT).toBe(9000);
  });
});
