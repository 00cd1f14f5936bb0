import type { LoggerService } from '@nestjs/common';
import type { Logger } from '@facet/observability';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** The context in which Nest logs, with its stack, the error that it then throws out of start-up. */
const failedStart = 'ExceptionHandler';

/**
 * nestLogger: what Nest has to say, through the application's own logger. Its account of start-up is `debug`: one line of ours says that it
 * listens, or why it does not.
 */
export function nestLogger(logger: Logger): LoggerService {
  const write =
    (level: Level) =>
    (message: unknown, ...more: unknown[]) => {
      const context = more.at(-1);
      const fields = { ...(typeof context === 'string' && { context }), ...(message instanceof Error && { error: message }) };
      logger[context === failedStart ? 'debug' : level](
        fields,
        message instanceof Error ? message.message : typeof message === 'string' ? message : JSON.stringify(message),
      );
    };
  return {
    log: write('debug'),
    verbose: write('debug'),
    debug: write('debug'),
    warn: write('warn'),
    error: write('error'),
    fatal: write('error'),
  };
}
