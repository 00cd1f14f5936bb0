import { fromTokenFile, RegistryClient, type RegistryRequest } from './registry-client.js';
import { RegistryRefusal } from './registry.errors.js';
import { metadataOf, type RegistryDesk, type Self } from './registry-desk.js';
import { readTargetUrl } from './target-url.js';

const form = {
  form: 'eureka://host:8761/eureka, with ?renew-ms= ?tls ?ca-file= ?token-file= where wanted',
  usualPort: 8761,
  segments: [0, 4],
  parameters: ['renew-ms', 'tls', 'ca-file', 'token-file'],
} as const;

/** What Eureka's servers expect. */
const usualRenewMs = 30_000;
const leaseRenewals = 3;
const answerMs = 3_000;

/** eurekaDesk: an instance of an application of a Eureka server, UP, whose lease is three renewals long. */
export function eurekaDesk(registryUrl: string, self: Self): RegistryDesk {
  const url = readTargetUrl(registryUrl, form);
  const everyMs = url.ms('renew-ms', usualRenewMs);
  const client = new RegistryClient({
    origin: url.origin,
    caFile: url.text('ca-file'),
    headers: fromTokenFile(url.text('token-file'), (token) => ({
      authorization: `Basic ${Buffer.from(token).toString('base64')}`,
    })),
  });
  const id = `${self.address}:${self.name}:${self.port}`;
  const application = ['', ...url.segments, 'apps', self.name.toUpperCase()].map(encodeURIComponent).join('/');
  const instance = `${application}/${encodeURIComponent(id)}`;
  // When what is told of the instance last changed; a server that knows an older one asks for it by a 404.
  const changedAt = String(Date.now());
  const ask = (request: Pick<RegistryRequest, 'method' | 'path' | 'query' | 'body' | 'signal'>) =>
    client.ask({ ...request, withinMs: answerMs });
  return {
    everyMs,
    enter: async (signal) => {
      const body = { instance: instanceOf(self, id, everyMs, changedAt) };
      await ask({ method: 'POST', path: application, body, signal });
    },
    renew: (signal) => isKnown(ask({ method: 'PUT', path: instance, query: { status: 'UP', lastDirtyTimestamp: changedAt }, signal })),
    leave: async (signal) => void (await isKnown(ask({ method: 'DELETE', path: instance, signal }))),
    close: () => client.close(),
  };
}

function instanceOf(self: Self, instanceId: string, everyMs: number, changedAt: string) {
  const seconds = Math.max(1, Math.round(everyMs / 1_000));
  return {
    instanceId,
    app: self.name.toUpperCase(),
    hostName: self.address,
    ipAddr: self.address,
    vipAddress: self.name,
    status: 'UP',
    port: { $: self.port, '@enabled': 'true' },
    securePort: { $: 443, '@enabled': 'false' },
    dataCenterInfo: { '@class': 'com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo', name: 'MyOwn' },
    leaseInfo: { renewalIntervalInSecs: seconds, durationInSecs: leaseRenewals * seconds },
    metadata: metadataOf(self),
    lastDirtyTimestamp: changedAt,
  };
}

async function isKnown(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof RegistryRefusal && error.status === 404) return false;
    throw error;
  }
}
