import { describe, expect, it } from 'vitest';
import { parseTarget } from './target.js';

describe('a target', () => {
  it.each([
    ['static:127.0.0.1:5051', { address: 'dns:127.0.0.1:5051', instances: 1 }],
    ['static:rooms-service:5052', { address: 'dns:rooms-service:5052', instances: 1 }],
    ['static:[::1]:5052', { address: 'dns:[::1]:5052', instances: 1 }],
    ['static:10.0.0.1:5051,10.0.0.2:5051', { address: 'ipv4:10.0.0.1:5051,10.0.0.2:5051', instances: 2 }],
  ])('%s is understood', (text, target) => expect(parseTarget(text)).toEqual(target));

  it.each([
    ['127.0.0.1:5051', 'must begin with static:'],
    ['static:', 'must be static:host:port'],
    ['static:localhost', 'must be static:host:port'],
    ['static:one:1,two:2', 'each must be an IPv4 address'],
  ])('%s is refused with the reason', (text, reason) => expect(() => parseTarget(text)).toThrow(reason));
});
