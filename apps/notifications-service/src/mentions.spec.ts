import { describe, expect, it } from 'vitest';
import { mentionsIn } from './mentions.js';

describe('mentions in a text', () => {
  it.each([
    ['@bob', ['bob']],
    ['hello @bob and @carol', ['bob', 'carol']],
    ['(@bob)', ['bob']],
    ['@Bob', ['bob']],
    ['@BOB, @bob', ['bob']],
    ['@ada.abel is here', ['ada.abel']],
    ['@don-pedro!', ['don-pedro']],
    ['@öphélia', ['öphélia']],
    ["@bob's plan", ['bob']],
    ['line\n@bob', ['bob']],
  ])('in %j are %j', (text, names) => expect(mentionsIn(text)).toEqual(names));

  it('leaves open whether a dot ends the sentence or belongs to the name', () => {
    expect(mentionsIn('Ask @bob.')).toEqual(['bob.', 'bob']);
  });

  it.each([
    'bob@example.com',
    'bob.smith@example.com',
    'bob+x@example.com',
    '@bob@example.social',
    'https://example.com/@bob',
    '@',
    '@ bob',
    '@@bob',
    'a@b',
  ])('are not in %j', (text) => expect(mentionsIn(text)).toEqual([]));

  it('are 50 at most', () => {
    const many = Array.from({ length: 80 }, (_, at) => `@user${at}`).join(' ');
    expect(mentionsIn(many)).toHaveLength(50);
  });

  it('have the length of a username at most', () => {
    expect(mentionsIn(`@${'x'.repeat(64)}`)).toHaveLength(1);
    expect(mentionsIn(`@${'x'.repeat(65)}`)).toEqual([]);
  });

  it('are found in time that grows with the text, however hostile', () => {
    for (const hostile of ['@'.repeat(4_000), '@a'.repeat(2_000), `@${'a.'.repeat(1_999)}@`, '@a@'.repeat(1_333)])
      expect(mentionsIn(hostile).length).toBeLessThan(51);
  });
});
