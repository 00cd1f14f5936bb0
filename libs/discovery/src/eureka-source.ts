import { applicationsIn, EurekaRegistry, type Applications } from './eureka-registry.js';
import { fromTokenFile, RegistryClient } from './registry-client.js';
import { RegistryRefusal } from './registry.errors.js';
import type { MakeSource } from './source.js';
import { readTargetUrl } from './target-url.js';

const form = {
  form: 'eureka://host:8761/eureka/APPLICATION, with ?interval-ms= ?keep-ms= ?tls ?ca-file= ?token-file= where wanted',
  usualPort: 8761,
  segments: [1, 5],
  parameters: ['interval-ms', 'keep-ms', 'tls', 'ca-file', 'token-file'],
} as const;

const usualIntervalMs = 5_000;
const answerMs = 5_000;
/** A server that lost its memory hears of who lives within one lease. */
const usualKeepMs = 90_000;

/**
 * eurekaSource: the instances of an application that are UP: the whole registry once, then its changes on an interval. Where the copy then does not have the
 * counts that the server says (`apps__hashcode`), or the server tells no changes, the whole registry again.
 */
export const eurekaSource: MakeSource = (target, { table, now, random }) => {
  const url = readTargetUrl(target, form);
  const intervalMs = url.ms('interval-ms', usualIntervalMs);
  const keepMs = url.ms('keep-ms', usualKeepMs);
  const application = url.segments.at(-1) ?? '';
  const base = url.segments
    .slice(0, -1)
    .map((segment) => `/${encodeURIComponent(segment)}`)
    .join('');
  const client = new RegistryClient({
    origin: url.origin,
    caFile: url.text('ca-file'),
    headers: fromTokenFile(url.text('token-file'), (token) => ({
      authorization: `Basic ${Buffer.from(token).toString('base64')}`,
    })),
  });
  const registry = new EurekaRegistry(application);
  let state: 'new' | 'followed' | 'away' = 'new';

  const ask = async (path: string, signal: AbortSignal): Promise<Applications> =>
    applicationsIn((await client.ask({ path: `${base}/${path}`, withinMs: answerMs, signal })).body);
  const copyAll = async (signal: AbortSignal) => {
    const all = await ask('apps', signal);
    registry.replace(all, state === 'away' ? now() + keepMs : undefined);
  };
  const copyChanges = async (signal: AbortSignal) => {
    const changes = await ask('apps/delta', signal).catch(unlessNotTold);
    if (changes) registry.change(changes);
    if (registry.hashcode !== changes?.apps__hashcode) await copyAll(signal);
  };
  return {
    look: async (signal) => {
      try {
        await (state === 'followed' ? copyChanges(signal) : copyAll(signal));
      } catch (error) {
        if (state === 'followed') state = 'away';
        throw error;
      }
      state = 'followed';
      table.tell(registry.endpoints(now()));
      return intervalMs * (0.75 + random() / 4);
    },
    close: () => client.close(),
  };
};

/** A server may be told to keep its changes to itself. */
function unlessNotTold(error: unknown): undefined {
  if (error instanceof RegistryRefusal && (error.status === 403 || error.status === 404)) return undefined;
  throw error;
}
