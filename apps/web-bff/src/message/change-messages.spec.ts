import { userIds } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { ReactionArguments, SendMessageArguments } from './change-messages.js';

const roomId = userIds.alice;

describe('SendMessageArguments', () => {
  it.each([
    { content: 'a' },
    { content: 'x'.repeat(4_000) },
    { content: '😀'.repeat(4_000) },
    { content: 'hi', replyTo: null, clientId: roomId },
    { content: 'hi', attachmentIds: null },
    { content: '', attachmentIds: [roomId] },
  ])('accepts %.40j', (input) => {
    expect(SendMessageArguments.safeParse({ input: { roomId, ...input } }).success).toBe(true);
  });

  it.each([
    { content: '' },
    { content: 'x'.repeat(4_001) },
    { content: '😀'.repeat(4_001) },
    { content: 'nul \0' },
    { content: 'lone \ud83d' },
    { content: 'hi', clientId: 'mine' },
    { content: '', attachmentIds: [] },
    { content: 'hi', attachmentIds: ['../x'] },
    { content: 'hi', attachmentIds: Array.from({ length: 11 }, () => roomId) },
    { content: 'hi', replyTo: '7' },
    { content: 'hi', roomId: 'general' },
  ])('refuses %.40j', (input) => {
    expect(SendMessageArguments.safeParse({ input: { roomId, ...input } }).success).toBe(false);
  });
});

describe('ReactionArguments', () => {
  it.each(['👍', '👩‍👩‍👧‍👦', '🏳️‍🌈'])('accepts %s', (emoji) => {
    expect(ReactionArguments.safeParse({ messageId: roomId, emoji }).success).toBe(true);
  });

  it.each(['', 'a', '👍👍', ':+1:', '\ud83d'])('refuses %j', (emoji) => {
    expect(ReactionArguments.safeParse({ messageId: roomId, emoji }).success).toBe(false);
  });
});
