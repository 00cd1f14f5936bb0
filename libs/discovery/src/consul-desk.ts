import { fromTokenFile, RegistryClient } from './registry-client.js';
import { RegistryRefusal } from './registry.errors.js';
import { metadataOf, type RegistryDesk, type Self } from './registry-desk.js';
import { readTargetUrl } from './target-url.js';

const form = {
  form: 'consul://agent:8500, with ?ttl-ms= ?remove-after-ms= ?tls ?ca-file= ?token-file= where wanted',
  usualPort: 8500,
  segments: [0, 0],
  parameters: ['ttl-ms', 'remove-after-ms', 'tls', 'ca-file', 'token-file'],
} as const;

const usualTtlMs = 15_000;
/** The least that Consul takes. */
const usualRemoveAfterMs = 60_000;
const answerMs = 3_000;

/** consulDesk: an instance as a service of a Consul agent with a TTL check, passing as long as it is renewed, and struck out by Consul a minute after it was not. */
export function consulDesk(registryUrl: string, self: Self): RegistryDesk {
  const url = readTargetUrl(registryUrl, form);
  const ttlMs = url.ms('ttl-ms', usualTtlMs);
  const client = new RegistryClient({
    origin: url.origin,
    caFile: url.text('ca-file'),
    headers: fromTokenFile(url.text('token-file'), (token) => ({ 'x-consul-token': token })),
  });
  const id = `${self.name}-${self.address}-${self.port}`;
  const check = `service:${id}`;
  const service = {
    ID: id,
    Name: self.name,
    Address: self.address,
    Port: self.port,
    Meta: metadataOf(self),
    Weights: { Passing: self.weight ?? 1, Warning: 1 },
    Check: {
      CheckID: check,
      TTL: `${ttlMs}ms`,
      Status: 'passing',
      DeregisterCriticalServiceAfter: `${url.ms('remove-after-ms', usualRemoveAfterMs)}ms`,
    },
  };
  const put = (path: string, signal: AbortSignal, body?: unknown) =>
    client.ask({ method: 'PUT', path: `/v1/agent/${path}`, body, withinMs: answerMs, signal });
  return {
    everyMs: ttlMs / 3,
    enter: async (signal) => void (await put('service/register', signal, service)),
    renew: (signal) => isKnown(put(`check/pass/${encodeURIComponent(check)}`, signal)),
    leave: async (signal) => void (await isKnown(put(`service/deregister/${encodeURIComponent(id)}`, signal))),
    close: () => client.close(),
  };
}

/** Of what it does not know an agent says 404; before 1.15 it said 500, and which ID it was. */
async function isKnown(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    const unknown =
      error instanceof RegistryRefusal && (error.status === 404 || (error.status === 500 && /check ?id|unknown/i.test(error.message)));
    if (unknown) return false;
    throw error;
  }
}
