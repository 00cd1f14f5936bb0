import { z } from 'zod';
import { endpointFrom, type Endpoint } from './endpoint.js';
import { fromTokenFile, RegistryClient, type RegistryAnswer } from './registry-client.js';
import type { MakeSource } from './source.js';
import { readTargetUrl } from './target-url.js';

const form = {
  form: 'consul://agent:8500/service, with ?dc= ?tag= ?ns= ?stale ?cached ?wait-ms= ?tls ?ca-file= ?token-file= where wanted',
  usualPort: 8500,
  segments: [1, 1],
  parameters: ['dc', 'tag', 'ns', 'stale', 'cached', 'wait-ms', 'tls', 'ca-file', 'token-file'],
} as const;

const told = z.record(z.string(), z.unknown()).nullish();
const Entries = z.array(
  z.object({
    Node: z.object({ Address: z.string().optional() }).nullish(),
    Service: z.object({ Address: z.string().optional(), Port: z.unknown(), Meta: told, Weights: told, Locality: told }),
    Checks: z.array(z.object({ Status: z.string() })).nullish(),
  }),
);
type Entry = z.infer<typeof Entries>[number];

const usualWaitMs = 60_000;
const answerMs = 5_000;
const restMs = 100;

/**
 * consulSource: the passing instances of a service by blocking queries on `/v1/health/service/:service`, by the rules of Consul's documentation: an index
 * that goes backwards begins anew, one below 1 counts as 1, and between two queries lies a short rest.
 */
export const consulSource: MakeSource = (target, { table, random }) => {
  const url = readTargetUrl(target, form);
  const [service = ''] = url.segments;
  const waitMs = Math.min(url.ms('wait-ms', usualWaitMs), 600_000);
  const client = new RegistryClient({
    origin: url.origin,
    caFile: url.text('ca-file'),
    headers: fromTokenFile(url.text('token-file'), (token) => ({ 'x-consul-token': token })),
  });
  const query = {
    passing: 'true',
    dc: url.text('dc'),
    tag: url.text('tag'),
    ns: url.text('ns'),
    ...(url.flag('stale') && { stale: '' }),
    ...(url.flag('cached') && { cached: '' }),
  };
  let index = 0n;
  return {
    look: async (signal) => {
      const before = index;
      // What fails is asked again without waiting for a change.
      index = 0n;
      const answer = await client.ask({
        path: `/v1/health/service/${encodeURIComponent(service)}`,
        query: { ...query, ...(before > 0n && { index: String(before), wait: `${waitMs}ms` }) },
        // Consul may add a sixteenth to the wait.
        withinMs: before > 0n ? (waitMs * 17) / 16 + answerMs : answerMs,
        signal,
      });
      if (answer.header('x-consul-knownleader') === 'false') throw new Error('Consul knows no leader');
      const next = indexOf(answer);
      table.tell(Entries.parse(answer.body).map(endpointOf), staleMs(answer));
      index = next < before ? 0n : next;
      return restMs * (0.5 + random() / 2);
    },
    close: () => client.close(),
  };
};

function indexOf(answer: RegistryAnswer): bigint {
  const text = answer.header('x-consul-index') ?? '';
  if (!/^\d{1,20}$/.test(text)) throw new Error('The answer has no X-Consul-Index');
  const index = BigInt(text);
  return index < 1n ? 1n : index;
}

/** How old the answer is: what a server that is not the leader, or the agent's cache, says of itself. */
function staleMs(answer: RegistryAnswer): number {
  const lastContactMs = Number(answer.header('x-consul-lastcontact') ?? 0);
  const ageMs = Number(answer.header('age') ?? 0) * 1_000;
  return Math.max(lastContactMs || 0, ageMs || 0, 0);
}

function endpointOf({ Node, Service, Checks }: Entry): Endpoint | undefined {
  if (Checks?.some(({ Status }) => Status !== 'passing')) return undefined;
  return endpointFrom({
    host: Service.Address || Node?.Address,
    port: Service.Port,
    zone: Service.Meta?.['zone'] ?? Service.Locality?.['Zone'],
    weight: Service.Weights?.['Passing'],
    version: Service.Meta?.['version'],
  });
}
