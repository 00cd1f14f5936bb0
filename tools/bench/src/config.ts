import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './processes/module-of.js';

/** What was asked for on the command line. */
export interface Choices {
  /** Names of workloads; empty: all. */
  readonly only: readonly string[];
  /** Rounds that count, over which the median is taken, of so many seconds; before the first, everything is warmed up. */
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly warmUpSeconds: number;
  /** Where the figures go as JSON; profiles go beside them. */
  readonly json: string;
  readonly quick: boolean;
  /** The table goes into docs/performance.md as well. */
  readonly write: boolean;
  readonly profile: boolean;
  /** What children inherit of our own environment. */
  readonly inherited: Readonly<Record<string, string>>;
}

const thorough = { rounds: 5, roundSeconds: 6, warmUpSeconds: 5 };
const quickly = { rounds: 2, roundSeconds: 1, warmUpSeconds: 2 };

export function readChoices(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): Choices {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string', default: join(root, 'tools/bench/results/last.json') },
      write: { type: 'boolean', default: false },
      'cpu-prof': { type: 'boolean', default: false },
    },
  });
  const { quick, only, json, write } = values;
  const inherited = ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR'].flatMap((name) => (environment[name] ? [[name, environment[name]]] : []));
  return {
    ...(quick ? quickly : thorough),
    only: only.flatMap((names) => names.split(',')),
    json,
    quick,
    write,
    profile: values['cpu-prof'],
    inherited: Object.fromEntries(inherited),
  };
}
