import { expect, it } from 'vitest';
import { metricIn } from './metrics.js';

const text = `# HELP calls_total Calls.
# TYPE calls_total counter
calls_total{dependency="rooms",method="ListRooms",outcome="ok"} 3
calls_total{dependency="rooms",method="GetRoom",outcome="ok"} 4
calls_total{dependency="users",method="GetUser",outcome="not-found"} 5
calls_total_more{dependency="rooms"} 100
up 1
`;

it('a metric is summed over all of its samples', () => {
  expect(metricIn(text, 'calls_total')).toBe(12);
  expect(metricIn(text, 'up')).toBe(1);
});

it('labels choose among them, all at once', () => {
  expect(metricIn(text, 'calls_total', { dependency: 'rooms' })).toBe(7);
  expect(metricIn(text, 'calls_total', { method: 'GetRoom', dependency: 'rooms' })).toBe(4);
  expect(metricIn(text, 'calls_total', { method: 'GetUser', dependency: 'rooms' })).toBe(0);
});

it('what is not there is nothing', () => {
  expect(metricIn(text, 'calls')).toBe(0);
});
