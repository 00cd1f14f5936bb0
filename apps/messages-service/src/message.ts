import { ProblemError } from '@facet/errors';

export interface ReactionCount {
  readonly emoji: string;
  readonly count: number;
}

/** A file that came with a message, as media-service told of it. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Widths, ascending. */
  readonly thumbnails: readonly number[];
}

/** A message as its events have made it, the same for everybody who looks at it. */
export interface Message {
  readonly id: string;
  readonly roomId: string;
  readonly authorId: string;
  readonly type: 'text' | 'system';
  readonly content: string;
  readonly replyTo: string | undefined;
  /** In the order of first use. */
  readonly reactions: readonly ReactionCount[];
  /** In the order of the author. */
  readonly attachments: readonly Attachment[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | undefined;
  readonly edited: boolean;
  /** How many events have made it. */
  readonly version: number;
}

export type MessageEvent =
  | { readonly type: 'posted'; readonly at: Date; readonly message: Posted & Partial<Pick<Message, 'attachments'>> }
  | {
      readonly type: 'imported';
      readonly at: Date;
      readonly message: Posted & Pick<Message, 'type' | 'reactions' | 'deletedAt' | 'edited'>;
    }
  | { readonly type: 'edited'; readonly at: Date; readonly content: string }
  | { readonly type: 'deleted'; readonly at: Date; readonly userId: string }
  | { readonly type: 'attachment-removed'; readonly at: Date; readonly attachmentId: string }
  | { readonly type: 'reaction-added' | 'reaction-removed'; readonly at: Date; readonly userId: string; readonly emoji: string };

type Posted = Pick<Message, 'id' | 'roomId' | 'authorId' | 'content' | 'replyTo'>;

export type Command =
  | { readonly type: 'edit'; readonly content: string }
  | { readonly type: 'delete'; readonly userId: string }
  | { readonly type: 'react' | 'unreact'; readonly userId: string; readonly emoji: string };

export const mostEmojis = 50;

/**
 * What a command comes to: an event, or nothing where all is so already. `mine` is how whoever commands has reacted so far.
 * Whether they may is the policy's question.
 */
export function decide(message: Message, command: Command, mine: readonly string[], at: Date): MessageEvent | undefined {
  switch (command.type) {
    case 'edit':
      refuseDeleted(message);
      return command.content === message.content ? undefined : { type: 'edited', at, content: command.content };
    case 'delete':
      return message.deletedAt ? undefined : { type: 'deleted', at, userId: command.userId };
    case 'react':
      refuseDeleted(message);
      if (mine.includes(command.emoji)) return undefined;
      refuseOneTooMany(message, command.emoji);
      return { type: 'reaction-added', at, userId: command.userId, emoji: command.emoji };
    case 'unreact':
      if (!mine.includes(command.emoji)) return undefined;
      return { type: 'reaction-removed', at, userId: command.userId, emoji: command.emoji };
  }
}

/** The message after its first event. */
export function begin(event: MessageEvent & { type: 'posted' | 'imported' }): Message {
  const untouched = { type: 'text', reactions: [], attachments: [], deletedAt: undefined, edited: false } as const;
  const message = { ...untouched, ...event.message };
  return { ...message, createdAt: event.at, updatedAt: message.deletedAt ?? event.at, version: 1 };
}

/** The message after one more event. */
export function evolve(message: Message, event: MessageEvent): Message {
  const next = { ...message, version: message.version + 1 };
  switch (event.type) {
    case 'posted':
    case 'imported':
      throw new TypeError('A message begins once.');
    case 'edited':
      return { ...next, content: event.content, edited: true, updatedAt: event.at };
    case 'deleted':
      return { ...next, content: '', reactions: [], attachments: [], deletedAt: event.at, updatedAt: event.at };
    case 'attachment-removed':
      return { ...next, attachments: message.attachments.filter(({ id }) => id !== event.attachmentId) };
    case 'reaction-added':
      return { ...next, reactions: countUp(message.reactions, event.emoji) };
    case 'reaction-removed':
      return { ...next, reactions: countDown(message.reactions, event.emoji) };
  }
}

function countUp(reactions: readonly ReactionCount[], emoji: string): readonly ReactionCount[] {
  if (!reactions.some((reaction) => reaction.emoji === emoji)) return [...reactions, { emoji, count: 1 }];
  return reactions.map((reaction) => (reaction.emoji === emoji ? { emoji, count: reaction.count + 1 } : reaction));
}

function countDown(reactions: readonly ReactionCount[], emoji: string): readonly ReactionCount[] {
  return reactions
    .map((reaction) => (reaction.emoji === emoji ? { emoji, count: reaction.count - 1 } : reaction))
    .filter(({ count }) => count > 0);
}

function refuseDeleted({ deletedAt }: Message): void {
  if (deletedAt) throw new ProblemError('conflict', { detail: 'The message was deleted.' });
}

function refuseOneTooMany({ reactions }: Message, emoji: string): void {
  if (reactions.length < mostEmojis || reactions.some((reaction) => reaction.emoji === emoji)) return;
  throw new ProblemError('conflict', { detail: `A message can have ${mostEmojis} different reactions at most.` });
}
