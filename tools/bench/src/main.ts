import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { Bench } from './bench.js';
import { readChoices, type Choices } from './config.js';
import { root } from './processes/module-of.js';
import { withTables } from './report/document.js';
import type { Outcome } from './report/outcome.js';
import { asMarkdown, asText, figureRows, goalRows } from './report/table.js';
import type { Workload } from './workloads/workload.js';
import { quickWorkloads, workloads } from './workloads/workloads.js';

const choices = readChoices(process.argv.slice(2));
const bench = new Bench(choices);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void bench.stop().then(() => process.exit(130)));
try {
  const outcomes = await runAll(chosen(choices), bench);
  show(outcomes);
  keep(outcomes, choices);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await bench.stop();
}

function chosen({ only, quick }: Choices): readonly Workload[] {
  const unknown = only.filter((name) => !workloads.some((workload) => workload.name === name));
  const list = workloads.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n');
  if (unknown.length > 0) throw new Error(`There is no workload ${unknown.join(', ')}. There are:\n${list}`);
  if (only.length === 0) return quick ? quickWorkloads : workloads;
  return workloads.filter(({ name }) => only.includes(name));
}

async function runAll(list: readonly Workload[], bench: Bench): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const { name, about, run } of list) {
    process.stdout.write(`${name}: ${about} …\n`);
    outcomes[name] = await run(bench).catch((error: Error) => ({
      figures: [],
      judgements: [],
      remarks: [`${name} FAILED: ${error.message}`],
    }));
  }
  return outcomes;
}

function show(outcomes: Record<string, Outcome>): void {
  const all = Object.values(outcomes);
  const parts = [asText(figureRows(outcomes)), asText(goalRows(outcomes)), all.flatMap(({ remarks }) => remarks).join('\n')];
  process.stdout.write(`\n${parts.filter(Boolean).join('\n\n')}\n`);
  for (const [name, { hotSpots = [] }] of Object.entries(outcomes)) {
    for (const spots of hotSpots) {
      const rows = spots.map((spot) => [`${(spot.share * 100).toFixed(1)} %`, spot.name, spot.place]);
      process.stdout.write(`\n${name}: where its time went\n${asText(rows)}\n`);
    }
  }
}

function keep(outcomes: Record<string, Outcome>, { json, write, quick }: Choices): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, load by ${bench.driver.name}`;
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify({ at: new Date().toISOString(), machine, quick, outcomes }, null, 2)}\n`);
  if (!write) return;
  const document = join(root, 'docs/performance.md');
  const about = `${new Date().toISOString().slice(0, 10)}, ${machine}${quick ? ', a quick run' : ''}.`;
  const tables = [about, asMarkdown(figureRows(outcomes)), asMarkdown(goalRows(outcomes))].join('\n\n');
  writeFileSync(document, withTables(readFileSync(document, 'utf8'), tables));
}
