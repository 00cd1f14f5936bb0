import { describe, expect, it } from 'vitest';
import { AddressTable, parseAddressTable, parseCountryRule, permits } from './countries.js';

describe('a rule for countries', () => {
  it.each([
    ['allow:DE,AT', 'DE', true],
    ['allow:DE,AT', 'FR', false],
    ['allow:DE, AT', 'ZZ', false],
    ['deny:KP', 'KP', false],
    ['deny:KP', 'DE', true],
    ['deny:KP', 'ZZ', true],
    ['deny:KP,ZZ', 'ZZ', false],
  ])('%s says of %s: %s', (rule, country, allowed) => {
    expect(permits(parseCountryRule(rule), country)).toBe(allowed);
  });

  it('that is not there permits everything, and one that is not understood is none', () => {
    expect(permits(undefined, 'KP')).toBe(true);
    for (const wrong of ['', 'DE', 'allow:', 'allow:de', 'allow:DEU', 'forbid:DE', 'allow:DE;AT'])
      expect(parseCountryRule(wrong)).toBeUndefined();
  });
});

describe('a table of addresses', () => {
  const table = new AddressTable(parseAddressTable('# test\n203.0.113.0/24 DE\n198.51.100.0/25,AT; 2001:db8::/32=CH')!);

  it.each([
    ['203.0.113.77', 'DE'],
    ['::ffff:203.0.113.77', 'DE'],
    ['198.51.100.127', 'AT'],
    ['198.51.100.128', 'ZZ'],
    ['2001:db8:1::1', 'CH'],
    ['2001:db9::1', 'ZZ'],
    ['2001:db8::1%eth0', 'CH'],
    ['127.0.0.1', 'ZZ'],
    ['nonsense', 'ZZ'],
  ])('says of %s: %s', (address, country) => {
    expect(table.countryOf(address)).toBe(country);
  });

  it.each(['203.0.113.0/33 DE', '2001:db8::/129 DE', '203.0.113.0 DE', '203.0.113.0/24', '203.0.113/24 DE', '203.0.113.0/24 Germany'])(
    'with %s is refused as a whole',
    (line) => {
      expect(parseAddressTable(`198.51.100.0/24 AT\n${line}`)).toBeUndefined();
    },
  );
});
