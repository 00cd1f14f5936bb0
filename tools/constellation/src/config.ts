import { loadConfig, type Environment } from '@facet/config';
import { parseArgs } from 'node:util';
import { join } from 'node:path';
import { z } from 'zod';
import { apps } from './apps.js';

const settings = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  KAFKA_BROKERS: z.string().default(''),
  /** The name under which browsers reach web-bff. The issuer is at localhost: 127.0.0.1 is another site. */
  FACET_WEB_HOST: z.enum(['localhost', '127.0.0.1']).default('localhost'),
  FACET_PORT_OFFSET: z.coerce.number().int().min(0).max(50_000).default(0),
  FACET_HOME: z.string().default(join(process.cwd(), '.facet')),
  LOG_LEVEL: z.string().default('warn'),
});

export interface Choices {
  readonly home: string;
  readonly portOffset: number;
  readonly webHost: string;
  readonly databaseUrl: string | undefined;
  readonly kafkaBrokers: string;
  readonly logLevel: string;
  readonly reset: boolean;
  /** A proxy stands in front of each service, for faults of the network. */
  readonly faults: boolean;
  /** Our own applications speak to each other by mutual TLS. */
  readonly tls: boolean;
  /** Names of the applications to start. */
  readonly chosen: readonly string[];
  /** What every child inherits of our own environment. */
  readonly inherited: Environment;
}

/** What was asked for, on the command line and in the environment. Throws with one line where that makes no sense. */
export function readChoices(args: readonly string[], environment: Environment = process.env): Choices {
  const { DATABASE_URL, KAFKA_BROKERS, FACET_PORT_OFFSET, FACET_WEB_HOST, FACET_HOME, LOG_LEVEL } = loadConfig(settings, environment);
  const { values } = parseArgs({
    args: [...args],
    options: {
      reset: { type: 'boolean', default: false },
      faults: { type: 'boolean', default: false },
      tls: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      without: { type: 'string', multiple: true },
    },
  });
  const only = names(values.only);
  const without = names(values.without);
  return {
    home: FACET_HOME,
    portOffset: FACET_PORT_OFFSET,
    webHost: FACET_WEB_HOST,
    databaseUrl: DATABASE_URL,
    kafkaBrokers: KAFKA_BROKERS,
    logLevel: LOG_LEVEL,
    reset: values.reset,
    faults: values.faults,
    tls: values.tls,
    chosen: apps.map(({ name }) => name).filter((name) => (only.length === 0 || only.includes(name)) && !without.includes(name)),
    inherited: { PATH: environment['PATH'], HOME: environment['HOME'], TZ: environment['TZ'], LANG: environment['LANG'] },
  };
}

function names(given: readonly string[] = []): string[] {
  const all = given.flatMap((text) => text.split(','));
  const unknown = all.filter((name) => !apps.some((app) => app.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no application ${unknown.join(', ')}. There are: ${apps.map(({ name }) => name).join(', ')}.`);
  return all;
}
