import { describe, expect, it } from 'vitest';
import { readConversation, slugOf } from './conversation.js';

const line = (room: string, user: string, text: string) => JSON.stringify({ room, user, text });

describe('a conversation', () => {
  it('is the same every time it is read', () => {
    const source = [line('Act 1', 'Bernardo', "Who's there?"), line('Act 1', 'Francisco', 'Nay, answer me')].join('\n');
    expect(readConversation('hamlet.ndjson', source)).toEqual(readConversation('/elsewhere/hamlet.ndjson', `${source}\n`));
  });

  it('keeps lines that repeat, in order', () => {
    const { scenes } = readConversation('a.ndjson', [line('r', 'A', 'No.'), line('r', 'B', 'Yes.'), line('r', 'A', 'No.')].join('\n'));
    const { speeches } = scenes[0]!;
    expect(speeches.map(({ text }) => text)).toEqual(['No.', 'Yes.', 'No.']);
    expect(speeches.map(({ id }) => id)).toEqual(speeches.map(({ id }) => id).toSorted());
    expect(new Set(speeches.map(({ id }) => id)).size).toBe(3);
  });

  it('does not mix the rooms of two files, but knows their people', () => {
    const one = readConversation('one.ndjson', line('Act 1', 'Don John', 'x')).scenes[0]!;
    const two = readConversation('two.ndjson', line('Act 1', 'don john', 'x')).scenes[0]!;
    expect(one.id).not.toBe(two.id);
    expect(one.speeches[0]!.id).not.toBe(two.speeches[0]!.id);
    expect(one.speakers[0]!.id).toBe(two.speakers[0]!.id);
  });

  it('names every bad line with its number', () => {
    const source = [
      '{',
      line('r', 'A', 'fine'),
      line('r', '!!!', 'x'),
      '{"room":"r","user":"A"}',
      '',
      line('r', 'A', 'x'.repeat(4_001)),
      line('r', 'A', 'a\0b'),
      '{"room":"r","user":"A","text":"\\ud800"}',
    ].join('\n');
    const { bad, scenes } = readConversation('a.ndjson', source);
    expect(bad.map(({ number }) => number)).toEqual([1, 3, 4, 5, 6, 7, 8]);
    expect(scenes[0]!.speeches).toHaveLength(1);
  });

  it('counts characters, not UTF-16 units', () => {
    expect(readConversation('a.ndjson', line('r', 'A', '😀'.repeat(4_000))).bad).toEqual([]);
  });
});

describe('a slug', () => {
  it.each([
    ['Don Pedro', 'don-pedro'],
    ['  Öphélia ', 'ophelia'],
    ['First Watchman', 'first-watchman'],
    ['!!!', ''],
  ])('of %j is %j', (name, slug) => expect(slugOf(name)).toBe(slug));
});
