import { after, gather, optional } from '@facet/aggregation';
import type { RequestContext } from '@facet/context';
import type { Message } from '@facet/contracts/messages';
import type { Downstream } from '../downstream.js';
import { findPeople, noneIfNotFound, type People } from '../profile/find-people.js';

/** What is told beside the messages themselves. Absent where its service gave no answer. */
export interface Surroundings {
  readonly people: People | undefined;
  readonly quoted: ReadonlyMap<string, Message> | undefined;
}

/** Who wrote these messages, what they answer, and who wrote that. `others` are people whom the screen names as well. At most 3 RPCs. */
export async function findSurroundings(
  downstream: Downstream,
  page: readonly Message[],
  context: RequestContext,
  others: readonly string[] = [],
): Promise<Surroundings> {
  const authors = page.map(({ authorId }) => authorId);
  const people = optional((within) => findPeople(downstream, [...others, ...authors], within));
  const quoted = optional((within) => findQuoted(downstream, page, within));
  const everybody = optional(
    after([people, quoted], async ([people, quoted], within) => {
      if (!people || !quoted) return people;
      const quotedAuthors = [...quoted.values()].map(({ authorId }) => authorId);
      return findPeople(downstream, quotedAuthors, within, people.values());
    }),
  );
  const around = await gather(context, { people, quoted, everybody });
  return { people: around.everybody ?? around.people, quoted: around.quoted };
}

async function findQuoted({ messages }: Downstream, page: readonly Message[], context: RequestContext): Promise<Map<string, Message>> {
  const here = new Map(page.map((message) => [message.id, message]));
  const ids = [...new Set(page.flatMap(({ replyTo }) => replyTo ?? []))];
  const answers = await Promise.all(
    ids.map(
      (messageId) => here.get(messageId) ?? messages.getMessage({ messageId }, context).then(({ message }) => message, noneIfNotFound),
    ),
  );
  return new Map(answers.flatMap((message) => (message ? [[message.id, message]] : [])));
}
