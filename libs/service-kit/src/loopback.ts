import { isIPv4 } from 'node:net';

/** isLoopback: whether an address, or the name `localhost`, is of this machine alone. No other name is, whatever it resolves to. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  const address = bare.replace(/^::ffff:/, '');
  return bare === 'localhost' || bare === '::1' || (isIPv4(address) && address.startsWith('127.'));
}
