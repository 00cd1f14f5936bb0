import 'reflect-metadata';
import { createLogger, type Logger } from '@facet/observability';
import { startApp, type AppOptions, type RunningApp } from './start-app.js';
import { describeStartFailure } from './start-failure.js';

/**
 * bootstrap: runs an application until it is told to stop: the same for each of them. SIGTERM, SIGINT or the death of its supervisor: not ready, what is
 * in flight is finished, everything is closed, exit 0, all within SHUTDOWN_MS, else exit 1. A start-up that fails: one line that says why, exit 1. An
 * error that nobody caught: one line, exit 1.
 */
export async function bootstrap(options: Omit<AppOptions, 'logger'>): Promise<void> {
  const { name, config } = options;
  const logger = createLogger({ name, level: config.LOG_LEVEL });
  exitOnUncaught(logger);
  const starting = startApp({ ...options, logger });
  stopOnSignal(starting, logger, config.SHUTDOWN_MS);
  try {
    await starting;
  } catch (error) {
    logger.error({}, `${name} did not start: ${describeStartFailure(error)}`);
    logger.debug({ error }, 'Why it did not start');
    process.exit(1);
  }
}

function exitOnUncaught(logger: Logger): void {
  const exit = (error: unknown) => {
    logger.error({ error }, 'An error was not caught; the process ends');
    process.exit(1);
  };
  process.on('uncaughtException', exit);
  process.on('unhandledRejection', exit);
}

/** A signal that comes before the application has started stops it once it has. A supervisor that died says so by its closed channel. */
function stopOnSignal(starting: Promise<RunningApp>, logger: Logger, withinMs: number): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'Stopping');
    setTimeout(() => {
      logger.error({ limit: withinMs }, 'Stopping took too long; the process ends');
      process.exit(1);
    }, withinMs).unref();
    starting
      .then((running) => running.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ error }, 'Stopping failed');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('disconnect', () => stop('disconnect'));
}
