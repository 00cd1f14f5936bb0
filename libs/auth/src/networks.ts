import { BlockList, isIP } from 'node:net';

/**
 * Networks: ranges of addresses, IPv4 and IPv6, as CIDR (RFC 4632, RFC 4291) or single addresses. An IPv4 address is the same however it is written
 * (`::ffff:192.0.2.1`). Throws where one of them is none.
 */
export class Networks {
  readonly #list = new BlockList();

  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const read = readNetwork(network);
      if (!read) throw new TypeError('It is no network');
      this.#list.addSubnet(read.address, read.prefix, read.family);
    }
  }

  /** Whether an address is in one of them; nothing that is no address is. */
  has(address: string): boolean {
    const [bare = ''] = address.split('%');
    const family = isIP(bare);
    return family !== 0 && this.#list.check(bare, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** networkIn: the network that somebody wrote, with its prefix: `192.0.2.1` is `192.0.2.1/32`. Nothing where it is none. */
export function networkIn(text: string): string | undefined {
  const read = readNetwork(text.trim());
  return read && `${read.address}/${read.prefix}`;
}

function readNetwork(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  const longest = family === 4 ? 32 : 128;
  const fits = length === undefined || (/^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= longest);
  if (family === 0 || rest.length > 0 || !fits) return undefined;
  return {
    address: address.toLowerCase(),
    prefix: length === undefined ? longest : Number(length),
    family: family === 4 ? 'ipv4' : 'ipv6',
  };
}
