import { writePrivately } from '@facet/constellation';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { followFaults } from '../src/follow-faults.js';
import { switchOff, switchOn } from '../src/switch-faults.js';
import { Caller, closeAll, startProxy, startUpstream } from './upstream.js';

const folder = mkdtempSync(join(tmpdir(), 'facet-network-'));
afterEach(async () => {
  await closeAll();
  rmSync(folder, { recursive: true });
});

it('connections suffer what the file says of their service, and no other, until it says so no more', async () => {
  const upstream = await startUpstream();
  const [rooms, users] = [await startProxy(upstream), await startProxy(upstream)];
  const path = join(folder, 'faults.json');
  const lines: string[] = [];
  const said = (line: string) => vi.waitFor(() => expect(lines).toContain(line), 5_000);
  let faults = switchOn({ calls: {}, network: {} }, { service: 'rooms-service' }, { toxic: { kind: 'reset' } });
  writePrivately(path, faults);

  const say = (line: string) => void lines.push(line);
  const stop = followFaults({
    proxies: new Map(Object.entries({ 'rooms-service': rooms, 'users-service': users })),
    path,
    say,
    report: say,
  });
  await expect(new Caller(rooms).ended).resolves.toBe('ECONNRESET');
  const other = new Caller(users);
  await other.echo('x');

  faults = switchOff(faults);
  writePrivately(path, faults);
  await said('connections to rooms-service: whole again');
  await new Caller(rooms).echo('x');
  await other.echo('x');
  stop();
  expect(lines).toEqual(['connections to rooms-service: reset', 'connections to rooms-service: whole again']);
});
