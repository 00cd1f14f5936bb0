import type { Fault } from '@facet/edge';
import type { Cell, Endpoint, EndpointRequest, Reply } from './endpoint.js';
import { compareAnswers } from './compare-answers.js';
import { expectedOf, faults } from './fault-rules.js';
import type { Visits } from './visits.js';
import { inTurns } from './in-turns.js';

/** One cell of the matrix, and what is wrong with it: nothing where the endpoint answers as it declares. */
export interface CellResult {
  readonly endpoint: string;
  readonly dependency: string;
  readonly fault: Fault;
  readonly wrong: readonly string[];
}

/** An endpoint while all is well: its answer, and how often it calls what. */
interface Baseline {
  readonly endpoint: Endpoint;
  readonly healthy: Reply;
  readonly calls: Readonly<Record<string, number>>;
  /** Calls that lie on the way to it. */
  readonly spare: Readonly<Record<string, number>>;
}

const atOnce = 12;
const triesAlone = 2;
const triesWell = 5;

/**
 * Every endpoint × every dependency × every fault. What a busy machine may have made late is tried again alone: what is wrong is wrong every time.
 */
export async function runMatrix(endpoints: readonly Endpoint[], visits: Visits): Promise<CellResult[]> {
  const baselines: Baseline[] = [];
  for (const endpoint of endpoints) baselines.push(await baselineOf(endpoint, visits));
  const cells = baselines.flatMap((baseline) =>
    visits.dependencies.flatMap((dependency) => faults.map((fault) => ({ baseline, dependency, fault }))),
  );
  const results = await inTurns(cells, atOnce, async (cell) => resultOf(cell, await wrongIn(cell, visits)));
  for (let attempt = 0; attempt < triesAlone; attempt += 1)
    for (const [place, { wrong }] of results.entries())
      if (wrong.length > 0) results[place] = resultOf(cells[place]!, await wrongIn(cells[place]!, visits));
  return results;
}

interface Examined {
  readonly baseline: Baseline;
  readonly dependency: string;
  readonly fault: Fault;
}

function resultOf({ baseline, dependency, fault }: Examined, wrong: readonly string[]): CellResult {
  return { endpoint: baseline.endpoint.name, dependency, fault, wrong };
}

async function baselineOf(endpoint: Endpoint, visits: Visits): Promise<Baseline> {
  const way = endpoint.way ? await well(endpoint.name, endpoint.way, visits) : undefined;
  const { reply, calls } = await well(endpoint.name, endpoint.request, visits);
  return { endpoint, healthy: reply, calls, spare: way?.calls ?? {} };
}

/** A whole answer. The first of a process may come too late. */
async function well(name: string, request: EndpointRequest, visits: Visits): ReturnType<Visits['pay']> {
  let last: Reply | undefined;
  for (let attempt = 0; attempt < triesWell; attempt += 1) {
    const paid = await visits.pay(request);
    if (isWhole(paid.reply)) return paid;
    last = paid.reply;
  }
  throw new Error(`${name} answers ${last?.status} while all is well: ${JSON.stringify(last?.body)}`);
}

function isWhole({ status, headers, body }: Reply): boolean {
  const failed = typeof body === 'object' && body !== null && 'errors' in body;
  return status < 400 && !headers.has('facet-degraded') && !failed;
}

function wrongIn(cell: Examined, visits: Visits): Promise<string[]> {
  return examine(cell, visits).catch((error: unknown) => [`there is no answer: ${String(error)}`]);
}

async function examine({ baseline, dependency, fault }: Examined, visits: Visits): Promise<string[]> {
  const { endpoint, healthy, spare } = baseline;
  const { declared } = endpoint;
  if (!declared) return ['nothing is declared: say what it answers, or @Faults({})'];
  const unknown = Object.keys(declared).filter((name) => !visits.dependencies.includes(name));
  if (unknown.length > 0) return [`there is no dependency ${unknown.join(', ')}`];
  const calls = callsTo(dependency, baseline.calls, spare);
  if (calls > 0 && !declared[dependency]) return [`${dependency} is called, and no outcome is declared for it`];
  if (calls === 0 && declared[dependency]) return [`${dependency} is never called, and an outcome is declared for it`];
  const cell: Cell = { dependency, healthy, ...expectedOf(declared[dependency], fault) };

  const cold = await visits.payWhile({ dependency, fault, spare }, endpoint.request);
  const wrong = endpoint.judge(cold.reply, cell);
  if (calls === 0 && callsTo(dependency, cold.calls, spare) > 0) wrong.push(`${dependency} was called`);
  if (cell.outcome !== 'stale' || wrong.length > 0) return wrong;

  const warm = await visits.payWhile({ dependency, fault, spare, first: endpoint.request }, endpoint.request);
  return [...endpoint.judge(warm.reply, cell), ...judgeOld(cold.reply, warm.reply, healthy)].map((text) => `asked again: ${text}`);
}

/** Who has asked before sees more than who asks for the first time. */
function judgeOld(cold: Reply, warm: Reply, healthy: Reply): string[] {
  const missing = ({ body }: Reply) => {
    const { missing, changed } = compareAnswers(healthy.body, body);
    return missing.length + changed.length;
  };
  return missing(warm) < missing(cold) ? [] : ['no old answer is shown'];
}

type Calls = Baseline['calls'];

/** How often a dependency is called beyond the way. */
function callsTo(dependency: string, calls: Calls, spare: Calls): number {
  return callsOf(dependency, calls) - callsOf(dependency, spare);
}

function callsOf(dependency: string, calls: Calls): number {
  return Object.entries(calls).reduce((sum, [name, count]) => (name.startsWith(`${dependency}.`) ? sum + count : sum), 0);
}
