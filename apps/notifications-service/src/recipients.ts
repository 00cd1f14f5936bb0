/** Why somebody is to look at a message. */
export type Reason = 'mention' | 'reply';

export interface Candidate {
  readonly userId: string;
  readonly reason: Reason;
}

/** Whom to notify: nobody of their own message, everybody once; being named is the stronger call than being answered. */
export function recipientsOf(authorId: string, candidates: readonly Candidate[]): Candidate[] {
  const reasons = new Map<string, Reason>();
  for (const { userId, reason } of candidates) {
    if (userId === authorId) continue;
    if (reason === 'mention' || !reasons.has(userId)) reasons.set(userId, reason);
  }
  return [...reasons].map(([userId, reason]) => ({ userId, reason }));
}
