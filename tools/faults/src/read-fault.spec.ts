import { describe, expect, it } from 'vitest';
import { describeFault } from './describe-fault.js';
import { readFault, readSeveral, type Reading } from './read-fault.js';

const read = (text: string, reading?: Reading) => readFault(text.split(' ').filter(Boolean), reading);

describe('a fault as it is typed', () => {
  it.each([
    ['slow 800ms', { kind: 'slow', delayMs: 800 }],
    ['slow 800ms±100ms', { kind: 'slow', delayMs: 800, jitterMs: 100 }],
    ['failing', { kind: 'failing', problem: 'dependency-unavailable' }],
    ['failing internal', { kind: 'failing', problem: 'internal-error' }],
    ['failing RESOURCE_EXHAUSTED', { kind: 'failing', problem: 'quota-exceeded' }],
    ['failing not-found', { kind: 'failing', problem: 'not-found' }],
    ['garbage', { kind: 'garbage' }],
    ['flapping 500ms', { kind: 'flapping', everyMs: 500 }],
  ])('%s is a matter of calls', (text, call) => expect(read(text)).toEqual({ call }));

  it.each([
    ['latency 200ms±50ms', {}, { kind: 'latency', ms: 200, jitterMs: 50 }],
    ['bandwidth 10kB/s', { direction: 'answers' }, { kind: 'bandwidth', bytesPerSecond: 10_000, direction: 'answers' }],
    ['reset', {}, { kind: 'reset' }],
    ['reset after 4kB', { direction: 'requests' }, { kind: 'reset', afterBytes: 4_000, direction: 'requests' }],
    ['half-open after 1B', {}, { kind: 'half-open', afterBytes: 1 }],
    ['down', {}, { kind: 'down' }],
    ['flapping 500ms', { network: true }, { kind: 'flapping', everyMs: 500 }],
  ])('%s %j is a matter of connections', (text, reading, toxic) => expect(read(text, reading)).toEqual({ toxic }));

  it.each([
    ['', {}, 'There is no fault "". There are: slow, failing, garbage, flapping, latency, bandwidth, reset, half-open, down.'],
    ['slw 800ms', {}, 'There is no fault "slw". There are: slow'],
    ['constructor', {}, 'There is no fault "constructor".'],
    ['slow', { network: true }, 'There is no fault "slow". There are: latency'],
    ['slow', {}, 'A time is missing'],
    ['slow 1s 2s', {}, '"2s" is not understood.'],
    ['failing GONE', {}, 'There is no status "GONE". There are: CANCELLED, UNKNOWN'],
    ['failing OK', {}, 'There is no status "OK".'],
    ['reset soon', {}, '"soon" is not understood.'],
    ['slow 1s', { direction: 'answers' }, 'Only connections have directions.'],
    ['down', { direction: 'answers' }, 'down has no direction. These have: latency'],
    ['reset', { direction: 'up' }, 'There is no direction "up". There are: requests, answers, both.'],
  ])('"%s" %j makes no sense, and what would is told', (text, reading, told) => expect(() => read(text, reading)).toThrow(told));

  it('is listed as it would be typed', () => {
    for (const text of [
      'slow 800ms±100ms',
      'failing not-found',
      'garbage',
      'latency 200ms',
      'bandwidth 10000B/s',
      'half-open after 1B',
      'down',
    ]) {
      const fault = read(text);
      expect(describeFault('call' in fault ? fault.call : fault.toxic)).toBe(text);
    }
  });

  it('of connections may be several', () => {
    expect(readSeveral('latency 200ms bandwidth 10kB/s'.split(' '), {})).toEqual([
      { kind: 'latency', ms: 200 },
      { kind: 'bandwidth', bytesPerSecond: 10_000 },
    ]);
    expect(readSeveral([], {})).toEqual([]);
    expect(() => readSeveral(['slow', '1s'], {})).toThrow('There is no fault "slow". There are: latency');
  });
});
