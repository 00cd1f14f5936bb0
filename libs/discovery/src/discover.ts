import { consulSource } from './consul-source.js';
import { Contact } from './contact.js';
import type { Endpoint } from './endpoint.js';
import { follow } from './follow.js';
import { quietly, type Report } from './report.js';
import { dnsSource } from './dns-source.js';
import { eurekaSource } from './eureka-source.js';
import { kubernetesSource } from './kubernetes-source.js';
import { listSource } from './list-source.js';
import type { MakeSource } from './source.js';
import { staticTable } from './static-table.js';
import { Table } from './table.js';
import { targetLabel } from './target-url.js';

/** Listener: is told the whole table, each time that it is another. */
export type Listener = (endpoints: readonly Endpoint[]) => void;

/** Discovery: a target that is followed. */
export interface Discovery {
  /** Milliseconds since the registry last confirmed the table, or since it was first asked; 0 for `static:`. */
  readonly ageMs: number;
  /** Follows no more, and tells nothing more. */
  close(): void;
}

/** DiscoverOptions: where to say that a registry is away; clock and chance for tests. */
export interface DiscoverOptions {
  readonly report: Report;
  readonly now?: () => number;
  readonly random?: () => number;
}

const sources: Readonly<Record<string, MakeSource>> = {
  dns: dnsSource,
  consul: consulSource,
  eureka: eurekaSource,
  kubernetes: kubernetesSource,
};

/**
 * discover: follows a target and tells `listener` its table: at once where it is known (`static:`, before this returns), and each time that it changes.
 * Never tells an empty table because a registry is away; an empty answer of one that lives is an empty table. Throws at once, with a text, where the
 * target cannot be read.
 */
export function discover(
  target: string,
  listener: Listener,
  { report: told, now = () => performance.now(), random = Math.random }: DiscoverOptions,
): Discovery {
  const isList = target.startsWith('static:@');
  if (target.startsWith('static:') && !isList) {
    listener(staticTable(target));
    return { ageMs: 0, close: () => undefined };
  }
  const make = isList ? listSource : sources[target.slice(0, target.indexOf(':'))];
  const label = targetLabel(target);
  if (!make) throw new Error(`The target ${label} must begin with static:, ${Object.keys(sources).join(':, ')}:`);
  const report = quietly(told);
  const contact = new Contact(`The registry of ${label}`, 'what it last said stays in use', report);
  const table = new Table({ target: label, listener, contact, report, now });
  const source = make(target, { table, now, random });
  const look = async (signal: AbortSignal) => {
    try {
      return await source.look(signal);
    } catch (error) {
      table.showAge();
      throw error;
    }
  };
  const following = follow(look, contact, random);
  return {
    get ageMs() {
      return table.ageMs;
    },
    close() {
      table.close();
      void following.stop();
      source.close();
    },
  };
}
