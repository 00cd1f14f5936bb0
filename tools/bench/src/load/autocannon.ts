import { people as everybody, digitsOf } from '../synthetic/ids.js';
import { credentialOf, type LoadDriver, type LoadOptions, type LoadResult, type Traffic } from './traffic.js';

/** autocannon, where there is no wrk. It shares a core with nobody only where there are enough of them. */
export const autocannon: LoadDriver = { name: 'autocannon', run };

interface Outgoing {
  path?: string;
  body?: string;
  headers: Record<string, string>;
}

interface Outcome {
  readonly requests: { readonly total: number };
  readonly duration: number;
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly timeouts: number;
  readonly non2xx: number;
}

// The package has no types.
type Run = (options: object) => Promise<Outcome>;

async function run(traffic: Traffic, { connections, seconds }: LoadOptions): Promise<LoadResult> {
  const { default: start } = (await import('autocannon' as string)) as { default: Run };
  const method = traffic.body === undefined ? 'GET' : 'POST';
  const requests = [{ method, setupRequest: next(traffic) }];
  return parseAutocannon(await start({ url: traffic.origin, connections, duration: seconds, timeout: 5, requests }));
}

/** Makes each request: one of the traffic's, about somebody. */
export function next({ requests, order, body, people = everybody }: Traffic, random = Math.random): (outgoing: Outgoing) => Outgoing {
  let turn = -1;
  return (outgoing) => {
    turn = order === 'random' ? Math.floor(random() * requests.length) : (turn + 1) % requests.length;
    const request = requests[turn]!;
    const user = digitsOf(Math.floor(random() * people));
    return {
      ...outgoing,
      path: request.path.replaceAll('{user}', user),
      ...(body !== undefined && { body: body.replaceAll('{user}', user) }),
      headers: {
        ...outgoing.headers,
        ...credentialOf(request),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
    };
  };
}

/** Its account in our words. */
export function parseAutocannon({ requests, duration, latency, errors, timeouts, non2xx }: Outcome): LoadResult {
  return { requests: requests.total, seconds: duration, p50Ms: latency.p50, p99Ms: latency.p99, failures: errors + timeouts + non2xx };
}
