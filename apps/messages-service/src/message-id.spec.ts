import { newId } from '@facet/database';
import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { idAfter, millisecondOf } from './message-id.js';

describe('an id of a room', () => {
  it('comes after the last one, made a moment ago', () => {
    const last = newId();
    expect(idAfter(last) > last).toBe(true);
  });

  it('comes after the last one, though that was made by a clock which is ahead', () => {
    let last = v7({ msecs: Date.now() + 60_000 });
    for (let round = 0; round < 100; round += 1) {
      const id = idAfter(last);
      expect(id > last).toBe(true);
      last = id;
    }
  });

  it('carries its millisecond', () => {
    expect(millisecondOf(v7({ msecs: 1_767_225_600_123 }))).toBe(1_767_225_600_123);
  });
});
