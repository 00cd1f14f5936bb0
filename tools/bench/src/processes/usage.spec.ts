import { describe, expect, it } from 'vitest';
import { cpuOfStat, rssOfStatus, usageOf, usageOfPs } from './usage.js';

describe('the usage of a process', () => {
  it('is user and system time of /proc, whatever the program is called', () => {
    expect(cpuOfStat('42 (node) x (y)) S 1 42 42 0 -1 4194304 9 0 0 0 1250 250 0 0 20 0 11 0 1000 1 1')).toBe(15_000_000);
  });

  it('is the resident size of /proc', () => {
    expect(rssOfStatus('Name:\tnode\nVmRSS:\t  150000 kB\nThreads:\t11\n')).toBe(153_600_000);
    expect(() => rssOfStatus('Name:\tnode\nState:\tZ (zombie)\n')).toThrow('has ended');
  });

  it.each([
    ['0:01.23 2048', 1_230_000],
    ['01:02:03 2048', 3_723_000_000],
    ['1-00:00:01 2048', 86_401_000_000],
  ])('is read from ps: %s', (line, cpuMicros) => {
    expect(usageOfPs(` ${line}\n`)).toEqual({ cpuMicros, rssBytes: 2_097_152 });
  });

  it('of this very process is more than nothing', () => {
    const { cpuMicros, rssBytes } = usageOf(process.pid);
    expect(cpuMicros).toBeGreaterThan(0);
    expect(rssBytes).toBeGreaterThan(10_000_000);
  });
});
