import type { TestProject } from 'vitest/node';
import { RunningFacet, type Demo } from './running-facet.js';

declare module 'vitest' {
  interface ProvidedContext {
    demo: Demo;
    home: string;
    portOffset: number;
    databaseUrl: string | undefined;
  }
}

/** Below the ports that the system hands out to outgoing connections. */
const portOffset = 10_000;

/** One Facet for all journeys: started before the first, stopped after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const facet = await RunningFacet.install(portOffset);
  await facet.start();
  project.provide('demo', facet.demo);
  project.provide('home', facet.home);
  project.provide('portOffset', portOffset);
  project.provide('databaseUrl', facet.databaseUrl);
  return () => facet.remove();
}
