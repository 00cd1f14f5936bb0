import { describe, expect, it } from 'vitest';
import { isLocal } from './is-local.js';

const asking = ({ from = '127.0.0.1', host = 'localhost:4000' as string | undefined, port = 4000 } = {}) =>
  isLocal({ headers: { host }, socket: { remoteAddress: from, localPort: port } });

describe('a local request', () => {
  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('comes from %s', (from) => {
    expect(asking({ from })).toBe(true);
  });

  it.each(['10.0.0.1', '::ffff:10.0.0.1', '2001:db8::1', '1.127.0.0', ''])('does not come from %s', (from) => {
    expect(asking({ from })).toBe(false);
  });

  it.each(['localhost:4000', 'LOCALHOST:4000', '127.0.0.1:4000', '[::1]:4000'])('is for %s', (host) => {
    expect(asking({ host })).toBe(true);
  });

  it.each([
    'rebound.example:4000',
    'localhost.rebound.example:4000',
    '127.0.0.1.nip.example:4000',
    'localhost:4001',
    'localhost',
    'localhost:4000:4000',
    'user@localhost:4000',
    '127.0.0.2:4000',
    '0.0.0.0:4000',
    '::1:4000',
    '',
  ])('is not for %j', (host) => {
    expect(asking({ host })).toBe(false);
  });

  it('names a host', () => {
    expect(isLocal({ headers: {}, socket: { remoteAddress: '127.0.0.1', localPort: 80 } })).toBe(false);
  });

  it('need not name the port of HTTP', () => {
    expect(asking({ host: 'localhost', port: 80 })).toBe(true);
  });
});
