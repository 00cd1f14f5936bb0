import { once } from 'node:events';
import { readSeveral, type Reading } from './read-fault.js';
import { TcpProxy } from './tcp-proxy.js';

/** A proxy on its own, until Ctrl-C: from a port of this machine to an address, with faults of the network. */
export async function runProxy([from = '', to = '', ...words]: readonly string[], reading: Reading): Promise<void> {
  const [, host, port] = /^(?:(.+):)?(\d+)$/.exec(to) ?? [];
  if (!/^\d+$/.test(from) || port === undefined)
    throw new Error('From which port to which address? npm run fault -- proxy 9000 127.0.0.1:5052 latency 200ms');
  const toxics = readSeveral(words, reading);
  const proxy = await TcpProxy.start({ port: Number(from), to: { ...(host && { host }), port: Number(port) } });
  await proxy.apply(...toxics);
  process.stdout.write(`127.0.0.1:${proxy.port} leads to ${host ?? '127.0.0.1'}:${port}. Ctrl-C stops it.\n`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await proxy.close();
}
