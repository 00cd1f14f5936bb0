/** Target: what grpc-js is told to connect to. */
export interface Target {
  readonly address: string;
  /** How many addresses it names; several take turns. */
  readonly instances: number;
}

const hostAndPort = /^(?<host>\[[0-9a-fA-F:]+\]|[^\s:,]+):(?<port>\d{1,5})$/;
const ipv4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/**
 * parseTarget: where a service is: `static:host:port`, or `static:1.2.3.4:port,1.2.3.5:port` for several instances, which must be IPv4
 * addresses then. Throws with a text that says what is wrong. Other schemes belong to discovery, which has no place here yet.
 */
export function parseTarget(target: string): Target {
  if (!target.startsWith('static:')) throw new Error(`The target ${target} must begin with static:`);
  const addresses = target.slice('static:'.length).split(',');
  const hosts = addresses.map((address) => hostAndPort.exec(address)?.groups?.['host']);
  if (hosts.includes(undefined)) throw new Error(`The target ${target} must be static:host:port, several separated by commas`);
  if (addresses.length === 1) return { address: `dns:${addresses[0]}`, instances: 1 };
  if (!hosts.every((host) => ipv4.test(host ?? '')))
    throw new Error(`The target ${target} names several instances: each must be an IPv4 address`);
  return { address: `ipv4:${addresses.join(',')}`, instances: addresses.length };
}
