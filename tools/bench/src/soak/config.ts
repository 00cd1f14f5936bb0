import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readChoices, type Choices } from '../config.js';
import { root } from '../processes/module-of.js';

/** What was asked for on the command line. */
export interface SoakChoices {
  /** Names of parts; empty: all. */
  readonly only: readonly string[];
  /** How long each gateway is under load in `load` and `home`. */
  readonly minutes: number;
  /** Requests of `abandon`. */
  readonly requests: number;
  /** Where the figures go as JSON. */
  readonly json: string;
  /** For what the soak shares with the bench. */
  readonly bench: Choices;
}

/** Throws a RangeError where a number makes no sense. */
export function readSoakChoices(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): SoakChoices {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      minutes: { type: 'string', default: '10' },
      requests: { type: 'string', default: '10000' },
      json: { type: 'string', default: join(root, 'tools/bench/results/soak.json') },
    },
  });
  return {
    only: values.only.flatMap((names) => names.split(',')),
    minutes: positive('minutes', values.minutes),
    requests: Math.ceil(positive('requests', values.requests)),
    json: values.json,
    bench: readChoices([], environment),
  };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new RangeError(`--${name} must be a number above 0, not ${text}.`);
}
