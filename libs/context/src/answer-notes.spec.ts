import { describe, expect, it } from 'vitest';
import { AnswerNotes, askedEachTime } from './answer-notes.js';

describe('notes on an answer', () => {
  it('name each missing dependency once, with the first reason', () => {
    const notes = new AnswerNotes();
    notes.degrade({ dependency: 'rooms', reason: 'timeout' });
    notes.degrade({ dependency: 'users', reason: 'open' });
    notes.degrade({ dependency: 'rooms', reason: 'open' });
    expect(notes.degradations).toEqual([
      { dependency: 'rooms', reason: 'timeout' },
      { dependency: 'users', reason: 'open' },
    ]);
  });

  it('keep an answer as its weakest part may be kept, in whatever order they come', () => {
    const long = { shared: true, maxAgeSeconds: 60 };
    const own = { shared: false, maxAgeSeconds: 120 };
    for (const rules of [
      [long, own, long],
      [own, long],
      [long, own, own],
    ]) {
      const notes = new AnswerNotes();
      for (const rule of rules) notes.keepBy(rule);
      expect(notes.cache).toEqual({ shared: false, maxAgeSeconds: 60 });
    }
  });

  it('have an answer asked for each time where nothing, or one part of it, says otherwise', () => {
    const notes = new AnswerNotes();
    expect(notes.cache).toEqual(askedEachTime);
    notes.keepBy({ shared: true, maxAgeSeconds: 60 });
    expect(notes.cache).toEqual({ shared: true, maxAgeSeconds: 60 });
    notes.keepBy();
    expect(notes.cache).toEqual({ shared: false, maxAgeSeconds: 0 });
  });

  it('hold no times unless somebody wants to see them, then the longest of each name', () => {
    const notes = new AnswerNotes();
    notes.time('rooms', 1);
    expect(notes.timings).toBeUndefined();
    notes.showTimings();
    for (const ms of [3, 5, 4]) notes.time('rooms', ms);
    expect([...(notes.timings ?? [])]).toEqual([['rooms', 5]]);
  });

  it('on one part are notes on the whole, but for its degradations, which stand apart as well', () => {
    const whole = new AnswerNotes();
    whole.showTimings();
    whole.degrade({ dependency: 'users', reason: 'timeout' });
    const part = new AnswerNotes(whole);
    part.degrade({ dependency: 'rooms', reason: 'open' });
    part.keepBy({ shared: true, maxAgeSeconds: 7 });
    part.time('rooms', 2);
    expect(part.degradations).toEqual([{ dependency: 'rooms', reason: 'open' }]);
    expect(whole.degradations.map(({ dependency }) => dependency)).toEqual(['users', 'rooms']);
    expect([whole.cache, part.timings]).toEqual([{ shared: true, maxAgeSeconds: 7 }, new Map([['rooms', 2]])]);
  });
});
