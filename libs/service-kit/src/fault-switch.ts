import type { Ending } from '@facet/context';
import { ProblemError } from '@facet/errors';
import type { Logger } from '@facet/observability';
import { z } from 'zod';
import { callFaults, type CallFault } from './call-fault.js';
import { readFaultsFile } from './config.js';
import { watchJson } from './watch-json.js';

/** FaultSwitchOptions: whose faults, and where time and luck come from. */
export interface FaultSwitchOptions {
  /** The application's one name. */
  readonly name: string;
  readonly now?: () => number;
  readonly random?: () => number;
}

type Faults = Readonly<Record<string, CallFault>>;

/** FaultSwitch: what is the matter with a service on purpose, method by method. Exists in development alone: see `faultSwitchOf`. */
export class FaultSwitch {
  readonly #name: string;
  readonly #now: () => number;
  readonly #random: () => number;
  #faults: Faults = {};
  #since = 0;

  constructor({ name, now = Date.now, random = Math.random }: FaultSwitchOptions) {
    this.#name = name;
    this.#now = now;
    this.#random = random;
  }

  /** From now on these are the matter, by `presence-service` or `presence-service/CountOnline`, and nothing else. */
  set(faults: Faults): void {
    this.#faults = faults;
    this.#since = this.#now();
  }

  /** What is the matter with a method now, named as in its proto. Its own fault counts before that of the whole service. */
  faultOf(method: string): CallFault | undefined {
    const fault = this.#faults[`${this.#name}/${method}`] ?? this.#faults[this.#name];
    if (fault?.kind !== 'flapping') return fault;
    const away = Math.floor((this.#now() - this.#since) / fault.everyMs) % 2 === 0;
    return away ? { kind: 'failing', problem: 'dependency-unavailable' } : undefined;
  }

  /** What a handler of that method suffers before it begins: waits where it is slow, rejects where it fails, or when nobody waits any more. */
  async endure(method: string, ending: Ending): Promise<void> {
    const fault = this.faultOf(method);
    if (fault?.kind === 'failing') throw new ProblemError(fault.problem, { detail: 'This fault was switched on.' });
    if (fault?.kind !== 'slow') return;
    await passed(Math.max(0, fault.delayMs + (this.#random() * 2 - 1) * (fault.jitterMs ?? 0)), ending);
  }

  /** Whether the answers of that method are to be garbage. */
  garbles(method: string): boolean {
    return this.faultOf(method)?.kind === 'garbage';
  }
}

/** FaultsInForce: a switch that follows its file. */
export interface FaultsInForce {
  readonly faults: FaultSwitch;
  close(): void;
}

/**
 * faultSwitchOf: the switch of an application, fed by the file that FAULTS_FILE names. In production there is none, whatever the environment says: whoever serves decides once, at
 * the start, and does without.
 */
export function faultSwitchOf(
  { name, development, logger }: { readonly name: string; readonly development: boolean; readonly logger: Logger },
  fileOf: () => string | undefined = readFaultsFile,
): FaultsInForce | undefined {
  const path = development ? fileOf() : undefined;
  if (path === undefined) return undefined;
  const faults = new FaultSwitch({ name });
  let before = '{}';
  const close = watchJson({
    path,
    schema: z.object({ calls: callFaults.default({}) }),
    changed: (content) => {
      const ours = Object.fromEntries(Object.entries(content?.calls ?? {}).filter(([target]) => target.split('/')[0] === name));
      const now = JSON.stringify(ours);
      if (now === before) return;
      before = now;
      faults.set(ours);
      logger.warn({}, now === '{}' ? `${name} is whole again` : `${name} suffers on purpose: ${now}`);
    },
    report: (line) => logger.warn({}, line),
  });
  return { faults, close };
}

function passed(ms: number, ending: Ending): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    ending.add({
      end: (reason) => {
        clearTimeout(timer);
        reject(reason);
      },
    });
  });
}
