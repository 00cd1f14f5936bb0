import { Logger } from '@nestjs/common';
import type { Report } from './event-bus.js';

const logger = new Logger('events');

/** To the application's log. */
export const report: Report = (level, message, error) => {
  const reason = error instanceof Error ? error.message : error;
  logger[level](reason === undefined ? message : `${message}: ${String(reason)}`);
};
