import { services } from '@facet/constellation';
import { describe, expect, it } from 'vitest';
import { findTarget } from './catalogue.js';
import type { Faults } from './faults-file.js';
import { listFaults, switchOff, switchOn } from './switch-faults.js';

const whole: Faults = { calls: {}, network: {} };
const garbage = { call: { kind: 'garbage' } } as const;
const rooms = { service: 'rooms-service' };
const count = { service: 'presence-service', method: 'CountOnline' };
const presence = { service: 'presence-service' };

describe('a target', () => {
  it.each([
    ['presence', presence],
    ['presence-service', presence],
    ['presence/CountOnline', count],
    ['presence-service/countonline', count],
    ['presence/BatchCountOnline', count],
    ['rooms/GetRoom', { ...rooms, method: 'GetRoom' }],
  ])('%s is found', (text, target) => expect(findTarget(text)).toEqual(target));

  it.each([
    ['prescence', 'There is no service "prescence". There are: users-service, rooms-service'],
    ['web-bff', 'There is no service "web-bff".'],
    ['presence/CountOffline', 'There is no method of presence-service "CountOffline". There are: '],
    ['presence/CountOnline/x', 'There is no service'],
  ])('%s is not, and those that there are are named', (text, told) => expect(() => findTarget(text)).toThrow(told));
});

it('every service has methods to name', () => {
  for (const { name } of services) expect(() => findTarget(`${name}/Nothing`)).toThrow(/There are: \w/);
});

describe('switching', () => {
  it('on puts a fault in the place of the one before, and beside those of others', () => {
    const some = switchOn(switchOn(whole, presence, garbage), count, { call: { kind: 'slow', delayMs: 800 } });
    const after = switchOn(some, presence, { call: { kind: 'slow', delayMs: 5 } });
    expect(listFaults(after)).toEqual(['presence-service slow 5ms', 'presence-service/CountOnline slow 800ms']);
    expect(listFaults(whole)).toEqual([]);
  });

  it('on joins faults of connections of different kinds', () => {
    const slow = switchOn(whole, rooms, { toxic: { kind: 'latency', ms: 5 } });
    const both = switchOn(slow, rooms, { toxic: { kind: 'bandwidth', bytesPerSecond: 10 } });
    expect(switchOn(both, rooms, { toxic: { kind: 'latency', ms: 9 } }).network).toEqual({
      'rooms-service': [
        { kind: 'bandwidth', bytesPerSecond: 10 },
        { kind: 'latency', ms: 9 },
      ],
    });
  });

  it('on refuses faults of connections for a method, and where connections take no detour', () => {
    const down = { toxic: { kind: 'down' } } as const;
    expect(() => switchOn(whole, count, down)).toThrow('name presence-service alone');
    expect(() => switchOn({ calls: {} }, presence, down)).toThrow('npm start -- --faults');
  });

  it('off clears all, a service with its methods and connections, or a method alone', () => {
    let faults = switchOn(switchOn(whole, presence, garbage), count, garbage);
    faults = switchOn(switchOn(faults, rooms, garbage), presence, { toxic: { kind: 'down' } });
    expect(listFaults(switchOff(faults))).toEqual([]);
    expect(listFaults(switchOff(faults, presence))).toEqual(['rooms-service garbage']);
    expect(listFaults(switchOff(faults, count))).toEqual([
      'presence-service garbage',
      'rooms-service garbage',
      'presence-service down (network)',
    ]);
  });
});
