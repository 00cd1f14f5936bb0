import type { Message } from '@facet/contracts/messages';
import { cutText } from '@facet/edge';
import { answered } from '@facet/errors';
import { toAttachment } from '../attachment/to-attachment.js';
import { cutToBytes } from './cut-to-bytes.js';
import type { Surroundings } from './find-surroundings.js';
import type { ListedMessage } from './message.view.js';

const mostReactions = 20;
const mostAttachments = 3;
const nameBytes = 40;

/** A message in a list: what would make the page heavy is cut. */
export function toListedMessage(message: Message, around: Surroundings): ListedMessage {
  const text = shorten(message.content, 280);
  return {
    ...toMessage(message, around),
    text,
    ...((text !== message.content || message.attachments.length > mostAttachments) && { truncated: true as const }),
    reactions: message.reactions.filter(({ mine }, position) => mine || position < mostReactions).map(toReaction),
    attachments: message.attachments.slice(0, mostAttachments).map(toListedAttachment),
  };
}

function toListedAttachment(attachment: Message['attachments'][number]) {
  return toAttachment({ ...attachment, name: cutToBytes(attachment.name, nameBytes) });
}

/** A message, whole. */
export function toMessage(message: Message, { people, quoted }: Surroundings): ListedMessage {
  const { id, authorId, replyTo, content, edited, deletedAt } = message;
  const author = people?.get(authorId);
  return {
    id,
    by: { id: authorId, name: author?.name ?? null, avatarUrl: author?.avatarUrl ?? null },
    text: content,
    ...(replyTo && { replyTo: toQuote(replyTo, quoted?.get(replyTo), people) }),
    reactions: message.reactions.map(toReaction),
    attachments: message.attachments.map(toAttachment),
    at: answered(message.createdAt, 'messages'),
    edited,
    deleted: deletedAt !== undefined,
  };
}

function toQuote(id: string, message: Message | undefined, people: Surroundings['people']) {
  if (!message) return { id, by: null, text: null };
  return { id, by: people?.get(message.authorId)?.name ?? null, text: shorten(wordsOf(message), 80) };
}

/** What a message says in a line: of one that is files alone, the name of the first. */
export function wordsOf({ content, attachments }: Pick<Message, 'content' | 'attachments'>): string {
  return content || (attachments[0]?.name ?? '');
}

function toReaction({ emoji, count, mine }: Message['reactions'][number]) {
  return { emoji, count, mine };
}

// Ordinary emoji take 4 to 8 bytes; only texts that pile up marks are cut by bytes.
function shorten(text: string, graphemes: number): string {
  return cutToBytes(cutText(text, graphemes), graphemes * 8);
}
