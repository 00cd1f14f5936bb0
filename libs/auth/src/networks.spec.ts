import { describe, expect, it } from 'vitest';
import { networkIn, Networks } from './networks.js';

describe('networks', () => {
  it.each([
    [['192.0.2.0/24'], '192.0.2.255', true],
    [['192.0.2.0/24'], '192.0.3.0', false],
    [['192.0.2.77/24'], '192.0.2.1', true],
    [['192.0.2.1'], '192.0.2.1', true],
    [['192.0.2.1'], '192.0.2.2', false],
    [['192.0.2.0/24'], '::ffff:192.0.2.9', true],
    [['192.0.2.0/24'], '::ffff:c000:0209', true],
    [['2001:db8::/32'], '2001:db8:1::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['2001:db8::/32'], '192.0.2.1', false],
    [['192.0.2.0/24', '2001:DB8::/64'], '2001:db8::5', true],
    [['fe80::/10'], 'fe80::1%eth0', true],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [['192.0.2.0/24'], 'unknown', false],
    [['192.0.2.0/24'], '', false],
    [[], '192.0.2.1', false],
  ])('%j has %s: %s', (networks, address, has) => expect(new Networks(networks).has(address)).toBe(has));

  it.each([
    ['192.0.2.1', '192.0.2.1/32'],
    [' 2001:DB8::1 ', '2001:db8::1/128'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.0/0', '10.0.0.0/0'],
  ])('%s is %s', (text, network) => expect(networkIn(text)).toBe(network));

  it.each([
    '',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    'fe80::1%eth0',
    'example.org',
    '1',
  ])('%j is none', (text) => {
    expect(networkIn(text)).toBeUndefined();
    expect(() => new Networks([text])).toThrow('no network');
  });
});
