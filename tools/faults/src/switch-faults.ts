import type { CallFault } from '@facet/service-kit/faults';
import type { Target } from './catalogue.js';
import { describeFault } from './describe-fault.js';
import type { Faults } from './faults-file.js';
import type { Toxic } from './toxic.js';

/** The same with that fault; of a kind of its own it joins what is the matter with connections. Throws with one line where it cannot be. */
export function switchOn(faults: Faults, { service, method }: Target, fault: { call: CallFault } | { toxic: Toxic }): Faults {
  if ('call' in fault) return { ...faults, calls: { ...faults.calls, [method ? `${service}/${method}` : service]: fault.call } };
  const { kind } = fault.toxic;
  if (method) throw new Error(`${kind} is a matter of connections, not of one method: name ${service} alone.`);
  if (!faults.network) throw new Error(`${kind} needs the proxies between BFFs and services: npm start -- --faults`);
  const others = (faults.network[service] ?? []).filter((toxic) => toxic.kind !== kind);
  return { ...faults, network: { ...faults.network, [service]: [...others, fault.toxic] } };
}

/** The same without what is the matter with the target, or with anything. */
export function switchOff({ calls, network }: Faults, target?: Target): Faults {
  const goes = (key: string) => {
    const [service, method] = key.split('/');
    return !target || (service === target.service && (!target.method || method === target.method));
  };
  const without = <T>(table: Record<string, T>) => Object.fromEntries(Object.entries(table).filter(([key]) => !goes(key)));
  return { calls: without(calls), ...(network && { network: target?.method ? network : without(network) }) };
}

/** A line for each. */
export function listFaults({ calls, network = {} }: Faults): string[] {
  return [
    ...Object.entries(calls).map(([target, fault]) => `${target} ${describeFault(fault)}`),
    ...Object.entries(network).flatMap(([service, toxics]) => toxics.map((toxic) => `${service} ${describeFault(toxic)} (network)`)),
  ];
}
