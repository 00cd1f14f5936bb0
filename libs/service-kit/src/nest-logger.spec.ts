import type { Logger } from '@facet/observability';
import { expect, it, vi } from 'vitest';
import { nestLogger } from './nest-logger.js';

it('what Nest says goes through the logger of the application, its chatter as debug', () => {
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() } as unknown as Logger;
  const nest = nestLogger(logger);
  nest.log('Starting', 'NestFactory');
  nest.warn({ odd: true }, 'Router');
  const failure = new Error('broken');
  nest.error(failure, undefined, 'Injector');
  expect(logger.debug).toHaveBeenCalledWith({ context: 'NestFactory' }, 'Starting');
  expect(logger.warn).toHaveBeenCalledWith({ context: 'Router' }, '{"odd":true}');
  expect(logger.error).toHaveBeenCalledWith({ context: 'Injector', error: failure }, 'broken');
  expect(logger.info).not.toHaveBeenCalled();
});
