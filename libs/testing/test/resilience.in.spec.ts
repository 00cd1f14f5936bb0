import { faults } from '../src/resilience/fault-rules.js';
import { expect, it } from 'vitest';
import { truth, wrongCells } from './tiny-app.fixtures.js';

const cellsOf = (endpoint: string, dependency: string, of: readonly string[] = faults) =>
  of.map((fault) => `${endpoint} × ${dependency} × ${fault}`);
const untilItFlaps = ['down', 'slow', 'error', 'garbage'];

it('is green where every word is true', async () => {
  expect(await wrongCells(truth)).toEqual({});
});

it.each([
  ['degraded', 'problem', { screen: { rooms: 'problem', presence: 'problem' } }, cellsOf('GET /v1/screen', 'presence', untilItFlaps)],
  ['problem', 'degraded', { screen: { rooms: 'degraded', presence: 'degraded' } }, cellsOf('GET /v1/screen', 'rooms', untilItFlaps)],
  ['degraded', 'stale', { screen: { rooms: 'problem', presence: 'stale' } }, cellsOf('GET /v1/screen', 'presence', untilItFlaps)],
  ['stale', 'partial', { recent: { presence: 'partial' } }, cellsOf('GET /v1/recent', 'presence', untilItFlaps)],
  ['once', 'problem', { make: { rooms: 'problem' } }, cellsOf('POST /v1/make', 'rooms', ['flapping'])],
  ['problem', 'once', { screen: { rooms: 'once', presence: 'degraded' } }, cellsOf('GET /v1/screen', 'rooms', ['flapping'])],
  [
    'degraded',
    'degraded but for garbage',
    { screen: { rooms: 'problem', presence: { otherwise: 'degraded', garbage: 'problem' } } },
    cellsOf('GET /v1/screen', 'presence', ['garbage']),
  ],
] as const)('%s declared as %s fails exactly its cells', async (_, __, broken, cells) => {
  expect(Object.keys(await wrongCells({ ...truth, ...broken }))).toEqual(cells);
});

it('refuses, cell by cell, an endpoint that declares nothing', async () => {
  const wrong = await wrongCells({ ...truth, make: undefined });
  expect(Object.keys(wrong)).toEqual([...cellsOf('POST /v1/make', 'rooms'), ...cellsOf('POST /v1/make', 'presence')]);
});

it('refuses a dependency that is called without a word, and a word about one that is never called', async () => {
  const wrong = await wrongCells({ ...truth, screen: { rooms: 'problem' }, make: { rooms: 'once', presence: 'degraded' } });
  expect(Object.keys(wrong)).toEqual([...cellsOf('GET /v1/screen', 'presence'), ...cellsOf('POST /v1/make', 'presence')]);
});

it('sees an outage that is shown as an empty list, whatever is declared of it', async () => {
  for (const word of ['problem', 'degraded', 'stale', 'whole'] as const) {
    const wrong = await wrongCells({ ...truth, liar: { rooms: word } });
    expect(Object.keys(wrong)).toEqual(cellsOf('GET /v1/liar', 'rooms', untilItFlaps));
  }
});

it('refuses a word about what is no dependency', async () => {
  const wrong = await wrongCells({ ...truth, make: { rooms: 'once', kitchen: 'problem' } });
  expect(Object.keys(wrong)).toEqual([...cellsOf('POST /v1/make', 'rooms'), ...cellsOf('POST /v1/make', 'presence')]);
});
