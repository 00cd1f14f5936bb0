import 'reflect-metadata';
import { afterAll, vi } from 'vitest';
import { closeWhatIsOpen } from './cleanup.js';

// The next file finds the modules, the clock and the environment as this one did.
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  return closeWhatIsOpen();
});
