import { Constellation, refuseTakenPorts } from './constellation.js';
import { readChoices, type Choices } from './config.js';
import { openData } from './data.js';
import { isSeeded, seed, seedNeeds } from './demo-world.js';
import { openFaults } from './faults.js';
import { Secrets } from './secrets.js';
import { openTls } from './tls.js';
import { oneLine } from './trouble.js';
import { welcome } from './welcome.js';

try {
  await run(readChoices(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`${oneLine(error)}\n`);
  process.exit(1);
}

async function run(choices: Choices): Promise<void> {
  const seeded = isSeeded(choices);
  const names = seeded ? choices.chosen : [...new Set([...choices.chosen, ...seedNeeds])];
  await refuseTakenPorts(names, choices.portOffset);
  const startedAt = Date.now();
  const secrets = Secrets.in(choices.home);
  await openTls(choices);
  const data = await step('PostgreSQL', () => openData(choices, secrets));
  let faults: Awaited<ReturnType<typeof openFaults>> | undefined;
  const constellation = new Constellation(choices, data, secrets);
  const stop = stopper(async () => {
    await constellation.stop();
    await faults?.stop();
    await data.stop();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  try {
    faults = await openFaults(choices);
    await step(`${names.length} applications`, () => constellation.start(names));
    if (!seeded) await step('the demo world', () => seed(choices));
    await constellation.stop(names.filter((name) => !choices.chosen.includes(name)));
    process.stdout.write(welcome(choices));
    process.stdout.write(`Ready after ${((Date.now() - startedAt) / 1_000).toFixed(1)} s.\n`);
  } catch (error) {
    process.stderr.write(`${oneLine(error)}\n`);
    await stop(1);
  }
}

async function step<T>(what: string, run: () => Promise<T>): Promise<T> {
  const startedAt = Date.now();
  process.stdout.write(`Starting ${what} …\n`);
  const result = await run();
  process.stdout.write(`  done in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s\n`);
  return result;
}

/** Stops once, however often it is asked to, and then ends the process. */
function stopper(stop: () => Promise<void>): (code: number) => Promise<void> {
  let stopping: Promise<void> | undefined;
  return (code) => {
    stopping ??= stop()
      .catch((error: unknown) => process.stderr.write(`${oneLine(error)}\n`))
      .then(() => process.exit(code));
    return stopping;
  };
}
