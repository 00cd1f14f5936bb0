import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { networks, partnerTlsSettings, partnerTlsWhole } from './proxy-settings.js';

describe('proxies', () => {
  it('are none unless told', () => {
    expect(networks.parse(undefined)).toEqual([]);
  });

  it('are addresses and networks of both kinds', () => {
    expect(networks.parse('192.0.2.1, 10.0.0.0/8,::1,2001:db8::/32')).toEqual(['192.0.2.1', '10.0.0.0/8', '::1', '2001:db8::/32']);
  });

  it.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/8;192.0.2.1', '0.0.0.0/0', '::/0', '10.0.0.1,'])('are not %s', (text) => {
    expect(networks.safeParse(text).success).toBe(false);
  });
});

it.each([
  ['a port alone', { PARTNER_TLS_PORT: '4443' }, false],
  ['files alone', { PARTNER_TLS_CERT_FILE: 'c', PARTNER_TLS_KEY_FILE: 'k' }, false],
  ['all', { PARTNER_TLS_PORT: '4443', PARTNER_TLS_CERT_FILE: 'c', PARTNER_TLS_KEY_FILE: 'k' }, true],
  ['nothing', {}, true],
])('of the settings of a TLS listener, %s: %j', (_, settings, fits) => {
  expect(
    z
      .object(partnerTlsSettings)
      .refine(...partnerTlsWhole)
      .safeParse(settings).success,
  ).toBe(fits);
});
