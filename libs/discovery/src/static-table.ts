import { endpointFrom, tableOf, type Endpoint } from './endpoint.js';

const form = 'static:host:port, several separated by commas, each with ;zone=, ;weight= or ;version= after it where wanted';
const hostAndPort = /^(?:\[(?<ipv6>[0-9a-fA-F:.]+)\]|(?<host>[^\s:,;[\]]+)):(?<port>\d{1,5})$/;
const known = new Set(['zone', 'weight', 'version']);

/** staticTable: the endpoints that a target such as `static:10.0.0.1:5051;zone=a;weight=2,10.0.0.2:5051` names. Throws with a text that says what is wrong. */
export function staticTable(target: string): readonly Endpoint[] {
  const named = target
    .slice('static:'.length)
    .split(',')
    .map((text) => readOne(text.trim(), target));
  const table = tableOf(named);
  if (table.length < named.length) throw new Error(`The target ${target} names an address twice`);
  return table;
}

function readOne(text: string, target: string): Endpoint {
  const [address = '', ...told] = text.split(';');
  const { ipv6, host, port } = hostAndPort.exec(address)?.groups ?? {};
  const pairs = told.map((pair) => pair.split('='));
  const properties = Object.fromEntries(pairs) as { zone?: string; weight?: string; version?: string };
  const endpoint = endpointFrom({ host: ipv6 ?? host, port, ...properties });
  if (!endpoint || pairs.some(([name = '', ...value]) => !known.has(name) || value.length !== 1 || value[0] === ''))
    throw new Error(`The target ${target} must be ${form}`);
  if (properties.weight !== undefined && endpoint.weight === undefined)
    throw new Error(`The target ${target} has a weight that is not above 0 and at most 65535`);
  return endpoint;
}
