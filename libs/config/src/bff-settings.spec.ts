import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bffSettings, serviceSettings, withManagementPort } from './bff-settings.js';

const settings = z
  .object({ ...bffSettings(4002), ...serviceSettings('USERS', { port: 5051, deadlineMs: 500 }) })
  .transform(withManagementPort);
const secret = { INTERNAL_ROOT_KEY: Buffer.alloc(32, 1).toString('base64url') };

describe('settings of a BFF', () => {
  it('need nothing but the secret, and mean production on loopback', () => {
    expect(settings.parse(secret)).toMatchObject({
      FACET_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: 4002,
      MANAGEMENT_PORT: 4102,
      USERS_TARGET: 'static:127.0.0.1:5051',
      USERS_DEADLINE_MS: 500,
    });
    expect(settings.safeParse({}).error?.issues.map(({ path }) => path[0])).toEqual(['INTERNAL_ROOT_KEY']);
  });

  it('put the management port 100 above the public one, unless told otherwise', () => {
    expect(settings.parse({ ...secret, PORT: '8080' }).MANAGEMENT_PORT).toBe(8180);
    expect(settings.parse({ ...secret, PORT: '0' }).MANAGEMENT_PORT).toBe(0);
    expect(settings.parse({ ...secret, MANAGEMENT_PORT: '9000' }).MANAGEMENT_PORT).toBe(9000);
  });
});
