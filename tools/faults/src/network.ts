import { detourPort, faultsFile, services } from '@facet/constellation';
import { readConfig } from './config.js';
import { followFaults } from './follow-faults.js';
import { TcpProxy } from './tcp-proxy.js';

// The proxies between BFFs and services, for `npm start -- --faults`: one in front of each service, and faults.json says what is the matter with it.
const { FACET_HOME: home, FACET_PORT_OFFSET: offset } = readConfig();
const proxies = services.map(async (service) => {
  const proxy = await TcpProxy.start({ port: detourPort(service, offset), to: { port: service.port + offset } });
  return [service.name, proxy] as const;
});

followFaults({
  proxies: new Map(await Promise.all(proxies)),
  path: faultsFile(home),
  say: (line) => process.stdout.write(`${line}\n`),
  report: (line) => process.stderr.write(`${line}\n`),
});
process.on('disconnect', () => process.exit());
