import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { onQuestion } from './announce.js';

// Loaded before the main module of whatever is measured, an application of ours included. Idle until the bench asks.

const session = new Session();

onQuestion('memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let round = 0; round < 3; round++) collect();
  return process.memoryUsage();
});

onQuestion('handles', () => {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
});

onQuestion('profile', async () => {
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
});

onQuestion('end profile', async (path) => {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  writeFileSync(String(path), JSON.stringify(profile));
});
