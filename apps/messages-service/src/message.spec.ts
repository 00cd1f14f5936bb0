import { ProblemError } from '@facet/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, decide, evolve, mostEmojis, type Command, type Message } from './message.js';

const at = new Date('2026-01-01T10:00:00Z');
const later = new Date('2026-01-01T11:00:00Z');

const posted = begin({ type: 'posted', at, message: { id: 'm', roomId: 'r', authorId: 'alice', content: 'hello', replyTo: undefined } });

/** The message and how `mine` looks after commands of one person. */
function after(message: Message, ...commands: Command[]): Message {
  const reactions = new Map<string, string[]>();
  return commands.reduce((state, command) => {
    const user = 'userId' in command ? command.userId : 'alice';
    const event = decide(state, command, reactions.get(user) ?? [], later);
    if (!event) return state;
    if (event.type === 'reaction-added') reactions.set(user, [...(reactions.get(user) ?? []), event.emoji]);
    if (event.type === 'reaction-removed')
      reactions.set(
        user,
        reactions.get(user)!.filter((emoji) => emoji !== event.emoji),
      );
    if (event.type === 'deleted') reactions.clear();
    return evolve(state, event);
  }, message);
}

const react = (userId: string, emoji: string): Command => ({ type: 'react', userId, emoji });
const unreact = (userId: string, emoji: string): Command => ({ type: 'unreact', userId, emoji });
const remove: Command = { type: 'delete', userId: 'alice' };

describe('a message', () => {
  it('begins unedited, without reactions', () => {
    expect(posted).toMatchObject({ type: 'text', content: 'hello', edited: false, reactions: [], updatedAt: at, version: 1 });
  });

  it('has the new text after an edit, and says so', () => {
    expect(after(posted, { type: 'edit', content: 'bye' })).toMatchObject({
      content: 'bye',
      edited: true,
      createdAt: at,
      updatedAt: later,
      version: 2,
    });
  });

  it('is untouched by an edit that changes nothing', () => {
    expect(after(posted, { type: 'edit', content: 'hello' })).toBe(posted);
  });

  it('leaves a tombstone without text and reactions', () => {
    const tombstone = after(posted, react('bob', '👍'), remove);
    expect(tombstone).toMatchObject({ content: '', reactions: [], deletedAt: later });
  });

  it('begins with the files that it was posted with, and a tombstone has none', () => {
    const image = { id: 'a', name: 'a.png', type: 'image/png', size: 1, width: 1, height: 1, thumbnails: [160] };
    const message = { id: 'm', roomId: 'r', authorId: 'alice', content: '', replyTo: undefined, attachments: [image] };
    const illustrated = begin({ type: 'posted', at, message });
    expect(illustrated.attachments).toEqual([image]);
    expect(after(illustrated, { type: 'edit', content: 'look' }).attachments).toEqual([image]);
    expect(evolve(illustrated, { type: 'attachment-removed', at: later, attachmentId: 'a' })).toMatchObject({
      attachments: [],
      updatedAt: at,
    });
    expect(after(illustrated, remove).attachments).toEqual([]);
  });

  it('is deleted once', () => {
    const tombstone = after(posted, remove);
    expect(after(tombstone, remove)).toBe(tombstone);
  });

  it('is neither edited nor reacted to once deleted', () => {
    const tombstone = after(posted, remove);
    expect(() => after(tombstone, { type: 'edit', content: 'back' })).toThrow(
      new ProblemError('conflict', { detail: 'The message was deleted.' }),
    );
    expect(() => after(tombstone, react('bob', '👍'))).toThrow(ProblemError);
  });

  it('counts one reaction per person and emoji', () => {
    expect(after(posted, react('bob', '👍'), react('bob', '👍'), react('carol', '👍')).reactions).toEqual([{ emoji: '👍', count: 2 }]);
  });

  it('shows reactions in the order of first use', () => {
    const reactions = after(posted, react('bob', '👍'), react('bob', '🎉'), react('carol', '👍'), unreact('bob', '👍')).reactions;
    expect(reactions.map(({ emoji }) => emoji)).toEqual(['👍', '🎉']);
  });

  it('forgets an emoji that nobody uses any more', () => {
    expect(after(posted, react('bob', '👍'), unreact('bob', '👍')).reactions).toEqual([]);
  });

  it('bears so many different emojis and no more, but more of the same', () => {
    const emojis = Array.from({ length: mostEmojis }, (_, index) => String.fromCodePoint(0x1f600 + index));
    const full = after(posted, ...emojis.map((emoji) => react('bob', emoji)));
    expect(full.reactions).toHaveLength(mostEmojis);
    expect(() => after(full, react('carol', '🎉'))).toThrow(ProblemError);
    expect(after(full, react('carol', emojis[0]!)).reactions[0]!.count).toBe(2);
  });

  it('counts exactly who reacts, whatever people do', () => {
    const people = fc.constantFrom('bob', 'carol', 'dave');
    const emojis = fc.constantFrom('👍', '🎉', '❤️');
    const commands = fc.array(fc.tuple(fc.constantFrom('react', 'unreact'), people, emojis));
    fc.assert(
      fc.property(commands, (steps) => {
        const expected = new Set<string>();
        for (const [type, userId, emoji] of steps) expected[type === 'react' ? 'add' : 'delete'](`${userId} ${emoji}`);
        const { reactions } = after(posted, ...steps.map(([type, userId, emoji]) => ({ type, userId, emoji }) as Command));
        const wanted = [...Map.groupBy(expected, (key) => key.split(' ')[1]!)].map(([emoji, keys]) => ({ emoji, count: keys.length }));
        expect(new Set(reactions)).toEqual(new Set(wanted));
      }),
    );
  });
});
