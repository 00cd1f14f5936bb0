import { aUser, idOf, userIds } from '@facet/testing';
import { Cursors } from '@facet/edge';
import type { Downstream } from '../src/downstream.js';

type Fakes = { readonly [Service in keyof Downstream]?: Partial<Downstream[Service]> };

/** A downstream out of object literals; a call that a test does not expect fails it as a missing function. */
export function downstreamOf(fakes: Fakes): Downstream {
  return fakes as Downstream;
}

/** Answers for bob, and for everybody whose name a test gives. */
export function usersNamed(
  names: Record<string, string> = { [userIds.bob]: 'Bob', [userIds.alice]: 'Alice' },
): Partial<Downstream['users']> {
  return {
    getUser: async ({ userId = '' }) => ({ user: aUser({ id: userId, name: names[userId] ?? `user ${userId}` }) }),
  };
}

export const roomId = idOf(1);
export const messageId = idOf(100);
export const cursors = new Cursors(Buffer.alloc(32, 7));
