import { describe, expect, it } from 'vitest';
import { next, parseAutocannon } from './autocannon.js';
import { rawRequest, type Traffic } from './traffic.js';
import { parseWrk } from './wrk.js';

const traffic: Traffic = {
  origin: 'http://127.0.0.1:4002',
  requests: [{ path: '/home/{user}', token: 'one' }, { path: '/rooms' }],
  order: 'in turn',
  people: 100_000,
};

describe('a request', () => {
  it('is HTTP with the token of its caller', () => {
    expect(rawRequest(traffic, traffic.requests[0]!)).toBe(
      'GET /home/{user} HTTP/1.1\r\nhost: 127.0.0.1:4002\r\nauthorization: Bearer one\r\n\r\n',
    );
  });

  it('says how long its body will be once somebody is in it', () => {
    expect(rawRequest({ ...traffic, body: '{"user":"{user}"}' }, { path: '/graphql' })).toContain(
      'content-type: application/json\r\ncontent-length: 23\r\n\r\n{"user":"{user}"}',
    );
  });

  it('comes in turn, and is about somebody at random', () => {
    const make = next(traffic, () => 0.5);
    const made = [1, 2, 3].map(() => make({ headers: {} }));
    expect(made.map(({ path }) => path)).toEqual(['/home/00000000c350', '/rooms', '/home/00000000c350']);
    expect(made.map(({ headers }) => headers['authorization'])).toEqual(['Bearer one', undefined, 'Bearer one']);
  });
});

describe('what came of a load', () => {
  const expected = { requests: 10, seconds: 2, p50Ms: 1.5, p99Ms: 9, failures: 3 };

  it('is the last line of wrk', () => {
    expect(parseWrk(`Running 2s test\n  1 threads\n\n${JSON.stringify(expected)}\n`)).toEqual(expected);
    expect(() => parseWrk('unable to connect')).toThrow('unable to connect');
  });

  it("is autocannon's account", () => {
    const latency = { p50: 1.5, p99: 9 };
    expect(parseAutocannon({ requests: { total: 10 }, duration: 2, latency, errors: 1, timeouts: 1, non2xx: 1 })).toEqual(expected);
  });
});
