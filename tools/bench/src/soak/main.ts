import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname } from 'node:path';
import { Bench } from '../bench.js';
import { isMet, type Judgement } from '../report/outcome.js';
import { asText, goalRows } from '../report/table.js';
import { abandon } from './abandon/abandon.js';
import { balance } from './balance/balance.js';
import { churn } from './churn/churn.js';
import { fleet } from './fleet/fleet.js';
import { readSoakChoices, type SoakChoices } from './config.js';
import { loadOfHome, loadOfWhole } from './load/load.js';
import type { PartOutcome, SoakPart } from './part.js';
import { progress } from './progress.js';
import { same } from './same/same.js';
import { storm } from './storm/storm.js';
import { uploads } from './uploads/uploads.js';

const parts: readonly SoakPart[] = [abandon, storm, same, balance, churn, fleet, uploads, loadOfWhole, loadOfHome];
process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    return (await soak(readSoakChoices(args))) ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** Whether every goal was met. */
async function soak(choices: SoakChoices): Promise<boolean> {
  const chosen = chosenOf(choices);
  const bench = new Bench(choices.bench);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void bench.stop().then(() => process.exit(130)));
  const outcomes: Record<string, PartOutcome> = {};
  try {
    for (const part of chosen) outcomes[part.name] = await runPart(part, bench, choices);
  } finally {
    await bench.stop();
  }
  show(outcomes);
  keep(outcomes, choices);
  return Object.values(outcomes).every(({ judgements }) => judgements.length > 0 && judgements.every(isMet));
}

function chosenOf({ only }: SoakChoices): readonly SoakPart[] {
  const unknown = only.filter((name) => !parts.some((part) => part.name === name));
  const list = parts.map(({ name, about }) => `  ${name.padEnd(10)}${about}`).join('\n');
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}. There are:\n${list}`);
  return only.length === 0 ? parts : parts.filter(({ name }) => only.includes(name));
}

/** A part that fails has met no goal. */
async function runPart({ name, run }: SoakPart, bench: Bench, choices: SoakChoices): Promise<PartOutcome> {
  const line = progress(name);
  try {
    return await run({ bench, choices, say: line.say });
  } catch (error) {
    const failed: Judgement = { goal: `${name}: ran to its end (0) or not (1)`, value: 1, atMost: 0 };
    return { judgements: [failed], remarks: [`${name} FAILED: ${error instanceof Error ? error.message : String(error)}`] };
  } finally {
    line.end();
  }
}

function show(outcomes: Record<string, PartOutcome>): void {
  const forTable = Object.entries(outcomes).map(([name, outcome]) => [name, { figures: [], ...outcome }]);
  const remarks = Object.values(outcomes).flatMap((outcome) => outcome.remarks);
  process.stdout.write(`\n${[asText(goalRows(Object.fromEntries(forTable))), remarks.join('\n')].filter(Boolean).join('\n\n')}\n`);
}

function keep(outcomes: Record<string, PartOutcome>, { json }: SoakChoices): void {
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
  mkdirSync(dirname(json), { recursive: true });
  writeFileSync(json, `${JSON.stringify({ at: new Date().toISOString(), machine, loadAverage: loadavg(), outcomes }, null, 2)}\n`);
}
