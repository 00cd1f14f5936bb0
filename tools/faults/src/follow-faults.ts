import { watchJson } from '@facet/service-kit/faults';
import { describeFault } from './describe-fault.js';
import { faultsSchema } from './faults-file.js';
import type { TcpProxy } from './tcp-proxy.js';

/** Proxies by service, the file that says what is the matter with each, and who is told. */
export interface FollowedFaults {
  readonly proxies: ReadonlyMap<string, TcpProxy>;
  readonly path: string;
  readonly say: (line: string) => void;
  readonly report: (line: string) => void;
}

/** Has the connections of each service suffer what the file says, now and whenever it changes. Returns the function that ends it. */
export function followFaults({ proxies, path, say, report }: FollowedFaults): () => void {
  return watchJson({
    path,
    schema: faultsSchema,
    changed: (faults) => {
      for (const [service, proxy] of proxies) {
        const toxics = faults?.network?.[service] ?? [];
        if (JSON.stringify(toxics) === JSON.stringify(proxy.toxics)) continue;
        say(`connections to ${service}: ${toxics.map(describeFault).join(', ') || 'whole again'}`);
        proxy.apply(...toxics).catch((error: Error) => report(`${service} is not reached: ${error.message}`));
      }
    },
    report,
  });
}
