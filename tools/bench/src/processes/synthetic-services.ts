import type { Counts } from '../synthetic/serve-templates.js';
import type { SyntheticName } from '../synthetic/methods.js';
import { Child } from './child.js';
import { moduleOf } from './module-of.js';

/** Where each synthetic service listens, as our clients name it. */
export type Targets = Readonly<Record<SyntheticName, string>>;

/** The synthetic services, in a process of their own, and what they count. */
export class SyntheticServices {
  private constructor(
    readonly child: Child,
    readonly targets: Targets,
  ) {}

  static async start(): Promise<SyntheticServices> {
    const child = new Child({ name: 'synthetic services', module: moduleOf('synthetic/services') });
    const { ports } = (await child.ready) as { ports: Record<SyntheticName, number> };
    return new SyntheticServices(child, Object.fromEntries(Object.entries(ports).map(targetOf)) as Targets);
  }

  /** RPCs and the calls in them since `reset`, over all methods. */
  async counts(): Promise<Counts> {
    const all = Object.values(await this.child.ask<Record<string, Counts>>('counts'));
    const sum = (field: keyof Counts) => all.reduce((total, each) => total + each[field], 0);
    return { rpcs: sum('rpcs'), items: sum('items') };
  }

  async reset(): Promise<void> {
    await this.child.ask('reset');
  }
}

function targetOf([name, port]: [string, number]): [string, string] {
  return [name, `static:127.0.0.1:${port}`];
}
