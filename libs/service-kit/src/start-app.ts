import type { INestApplicationContext } from '@nestjs/common';
import { createLogger, type Logger, type LogLevel } from '@facet/observability';
import { nestLogger } from './nest-logger.js';
import { leaveRegistry, registerSelf, type PlaceConfig } from './self-registration.js';
import type { NestModule, RunningServer, ServerKind } from './server-kind.js';
import { isLoopback } from './loopback.js';
import { StartFailure } from './start-failure.js';
import type { TlsSettings } from './tls-certificate.js';

/** ProcessConfig: the settings of `processSettings` (@facet/config). */
export interface ProcessConfig extends PlaceConfig, TlsSettings {
  readonly FACET_ENV: 'development' | 'production';
  readonly HOST: string;
  readonly LOG_LEVEL: LogLevel;
  /** Milliseconds from the signal to the end, at most. */
  readonly SHUTDOWN_MS: number;
}

/** AppOptions: an application as its main.ts declares it. */
export interface AppOptions {
  /** The one name: folder, project, container, log and token audience. */
  readonly name: string;
  readonly config: ProcessConfig;
  readonly module: NestModule;
  readonly server: ServerKind;
  /** Absent: a logger to standard output. */
  readonly logger?: Logger;
}

/** RunningApp: an application that serves. */
export interface RunningApp {
  readonly app: INestApplicationContext;
  readonly port: number;
  readonly listening: Readonly<Record<string, string>>;
  /** Out of the registry, not ready, drained, closed, within SHUTDOWN_MS. Asked twice, it is one stop. */
  stop(): Promise<void>;
}

/** The part of SHUTDOWN_MS for what is in flight; the rest is for closing. */
const drainShare = 0.75;

/** startApp: an application as `bootstrap` runs it, without signals and exit codes, for tests and tools. */
export async function startApp({
  name,
  config,
  module,
  server,
  logger = createLogger({ name, level: config.LOG_LEVEL }),
}: AppOptions): Promise<RunningApp> {
  const development = config.FACET_ENV === 'development';
  if (development && !isLoopback(config.HOST)) {
    throw new StartFailure(`FACET_ENV=development is for this machine alone, and HOST is ${config.HOST}: leave one of them out.`);
  }
  const running = await server.start({
    name,
    module,
    host: config.HOST,
    tls: config,
    development,
    logger,
    nestLogger: nestLogger(logger),
  });
  const { app, port, listening } = running;
  logger.info({ listening, environment: config.FACET_ENV }, `${name} serves ${Object.values(listening).join(' and ')}`);
  const stop = await stopOf(running, name, config, logger);
  let stopping: Promise<void> | undefined;
  return { app, port, listening, stop: () => (stopping ??= stop()) };
}

/** Registers what runs, where it is to be, and tells how it stops. Where it cannot be it does not run any more. */
async function stopOf(running: RunningServer, name: string, config: ProcessConfig, logger: Logger): Promise<() => Promise<void>> {
  const drainMs = config.SHUTDOWN_MS * drainShare;
  try {
    const registration = await registerSelf(config, { name, host: config.HOST, port: running.port, app: running.app, logger });
    return async () => {
      const leftMs = drainMs - (await leaveRegistry(registration, drainMs / 2, config));
      await running.stop(leftMs);
    };
  } catch (error) {
    await running.stop(0);
    throw error;
  }
}
