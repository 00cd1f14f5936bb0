import { describe, expect, it } from 'vitest';
import { Groups } from './groups.js';

describe('groups', () => {
  it('know the members of each name, each once', () => {
    const groups = new Groups<number>();
    for (const [name, member] of [
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['a', 1],
    ] as const)
      groups.add(name, member);
    expect([...groups.of('a')]).toEqual([1, 2]);
    expect([...groups.of('b')]).toEqual([1]);
    expect([...groups.of('c')]).toEqual([]);
    expect([...groups.all()]).toEqual([1, 2, 1]);
  });

  it('take no room for a name whose last member has gone', () => {
    const groups = new Groups<number>();
    groups.add('a', 1);
    groups.add('a', 2);
    groups.delete('a', 3);
    groups.delete('c', 1);
    groups.delete('a', 1);
    expect([...groups.of('a')]).toEqual([2]);
    groups.delete('a', 2);
    expect(groups.of('a')).toEqual([]);
  });
});
