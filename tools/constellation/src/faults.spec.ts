import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { apps, detourPort } from './apps.js';
import { readChoices } from './config.js';
import { faultsFile, openFaults, services } from './faults.js';
import { Secrets } from './secrets.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'facet-faults-'));
});
afterEach(() => rmSync(home, { recursive: true }));

it('with --faults BFFs are told of proxies instead of services; nobody else is told anything else', () => {
  const surroundings = { portOffset: 100, kafkaBrokers: 'kafka:9092', databaseUrl: () => 'postgres://db', secrets: Secrets.in(home) };
  for (const app of apps) {
    const [straight, detour] = [app.environment(surroundings), app.environment({ ...surroundings, detour: true })];
    const expected = Object.entries(straight).map(([key, value]) => {
      const service = services.find(({ port }) => value === `static:127.0.0.1:${port + 100}`);
      return [key, service ? `static:127.0.0.1:${detourPort(service, 100)}` : value];
    });
    expect(detour).toEqual(Object.fromEntries(expected));
  }
  expect(readChoices(['--faults'], {}).faults).toBe(true);
});

it('the file is there while Facet runs, without faults at the start', async () => {
  const faults = await openFaults(readChoices([], { FACET_HOME: home }));
  expect(JSON.parse(readFileSync(faultsFile(home), 'utf8'))).toEqual({ calls: {} });
  await faults.stop();
  expect(existsSync(faultsFile(home))).toBe(false);
});
