import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import { allowFields, type LogFields } from './log-fields.js';
import { standardOutput } from './standard-output.js';

/** LogLevel: the least grave line that is written. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

type Write = (fields: LogFields, message: string) => void;

/** Logger: structured lines. Fields leave by allow-list alone; `error` takes whatever was thrown. */
export interface Logger {
  readonly trace: Write;
  readonly debug: Write;
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
  /** The same logger with fields that every line carries. */
  child(fields: LogFields): Logger;
  /** Whether lines of this level are written, for fields that cost something to make. */
  writes(level: Exclude<LogLevel, 'silent'>): boolean;
}

/** LoggerOptions: the application's name, the least grave level, and where lines go (standard output unless told). */
export interface LoggerOptions {
  readonly name: string;
  readonly level?: LogLevel;
  readonly destination?: DestinationStream;
}

/**
 * createLogger: one JSON object a line with `level`, `time` (RFC 3339), `name` and `msg`. On standard output the lines of one turn of the event loop
 * are written together at its end; a warning or an error at once, with all that came before it; and nothing is left when the process exits.
 */
export function createLogger({ name, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { name },
    timestamp: timeOfLine,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (destination) return wrap(pino(options, destination));
  const output = standardOutput();
  return wrap(pino(options, output), output.flush);
}

let lastTime = { at: NaN, text: '' };

/** The time as pino wants it, made once for all lines of a millisecond. */
function timeOfLine(): string {
  const at = Date.now();
  if (at !== lastTime.at) lastTime = { at, text: `,"time":"${new Date(at).toISOString()}"` };
  return lastTime.text;
}

/** silentLogger: writes nothing; for tests and tools. */
export const silentLogger: Logger = createLogger({ name: 'silent', level: 'silent' });

function wrap(log: Pino, flush?: () => void): Logger {
  const write =
    (level: Exclude<LogLevel, 'silent'>, written?: () => void): Write =>
    (fields, message) => {
      if (!log.isLevelEnabled(level)) return;
      log[level](allowFields(fields), message);
      written?.();
    };
  return {
    trace: write('trace'),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn', flush),
    error: write('error', flush),
    child: (fields) => wrap(log.child(allowFields(fields)), flush),
    writes: (level) => log.isLevelEnabled(level),
  };
}
