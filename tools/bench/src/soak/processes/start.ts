import type { Bench } from '../../bench.js';
import { Child } from '../../processes/child.js';
import { moduleOf } from '../../processes/module-of.js';
import { idOf } from '../../synthetic/ids.js';
import type { Way, Ways } from './downstream.js';

/** The soak's gateway. */
export interface SoakGateway {
  readonly child: Child;
  readonly origin: string;
  readonly management: string;
}

/** A gateway of ours in a process of its own. */
export async function startGateway(bench: Bench, ways: Ways): Promise<SoakGateway> {
  const { url: issuer } = await bench.issuer;
  const child = new Child({
    name: 'soak gateway',
    module: moduleOf('soak/processes/gateway'),
    settings: { ways, issuer, rootKey: bench.rootKey },
  });
  const { http, management } = (await child.ready) as { http: string; management: string };
  return { child, origin: http, management };
}

/** A module of the soak in a process of its own; it serves. */
export async function startProcess(bench: Bench, name: string, settings: object = {}): Promise<Child> {
  const child = new Child({ name, module: moduleOf(`soak/processes/${name}`), settings: { ...settings, rootKey: bench.rootKey } });
  await child.ready;
  return child;
}

/** Our clients in a process of their own. */
export function startCaller(bench: Bench, way: Way): Promise<Child> {
  return startProcess(bench, 'fleet-caller', { way });
}

/** A service of ours in a process of its own, and its target. */
export async function startService(bench: Bench, name: string, settings: object = {}): Promise<{ child: Child; target: string }> {
  const child = await startProcess(bench, name, settings);
  const { port } = await child.ready;
  return { child, target: `static:127.0.0.1:${String(port)}` };
}

/** Tokens of so many people that every request may be another's. */
export async function tokensOf(bench: Bench, callers = 100): Promise<string[]> {
  const issuer = await bench.issuer;
  return Array.from({ length: callers }, (_, number) => issuer.issue(idOf('user', number), 'mobile-app'));
}
