import { describe, expect, it } from 'vitest';
import { recipientsOf } from './recipients.js';

describe('recipients', () => {
  it('are never the author', () => {
    expect(
      recipientsOf('bob', [
        { userId: 'bob', reason: 'mention' },
        { userId: 'bob', reason: 'reply' },
      ]),
    ).toEqual([]);
  });

  it('are each notified once, of the mention rather than of the reply, in whatever order the two come', () => {
    const mention = { userId: 'carol', reason: 'mention' } as const;
    const reply = { userId: 'carol', reason: 'reply' } as const;
    expect(recipientsOf('bob', [mention, reply])).toEqual([mention]);
    expect(recipientsOf('bob', [reply, mention, mention])).toEqual([mention]);
  });
});
