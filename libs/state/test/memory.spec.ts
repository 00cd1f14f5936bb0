import { MemoryState } from '../src/memory-state.js';
import { describeState } from './state-suite.js';

describeState('memory', async () => {
  const state = new MemoryState();
  return { open: async () => state, close: async () => undefined };
});
