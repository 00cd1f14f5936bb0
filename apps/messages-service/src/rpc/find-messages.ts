import { authorize, type RuleName } from '@facet/auth';
import type { Caller } from '@facet/context';
import { within, type Lifetime } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { answerVisitors } from '@facet/memberships';
import { outcomeOf, type BatchOutcome } from '@facet/service-kit';
import type { Message } from '../message.js';
import { selectMessages, toMessage } from '../store/messages.js';
import type { Db, MessageRow } from '../store/tables.js';

export interface Wanted {
  readonly caller: Caller;
  readonly request: { readonly messageId: string; readonly roomId?: string | undefined };
}

/** By which rule, and at what time. */
export interface By {
  readonly rule: RuleName;
  readonly now?: Date;
}

/** A message that the rule allows its caller and how the caller has reacted to it. */
export interface Found {
  readonly message: Message;
  readonly mine: readonly string[];
}

/** Messages by position; what somebody may not see is not there. */
export async function findMessages(db: Db, wanted: readonly Wanted[], by: By, context: Lifetime): Promise<readonly BatchOutcome<Found>[]> {
  const rows = await selectRows(db, wanted, context);
  const items = wanted.map(({ caller }, at) => ({ caller, row: rows[at] }));

  return answerVisitors(
    db,
    items,
    ({ row }) => row?.room_id,
    context,
    async (items, rooms) =>
      items.map(({ caller, row }, at) =>
        outcomeOf(() => {
          const [room, message] = [rooms[at], row && toMessage(row)];
          authorize(caller, by.rule, { room, message, now: by.now });
          return { message: message!, mine: row!.mine };
        }),
      ),
  );
}

export async function findMessage(db: Db, wanted: Wanted, by: By, context: Lifetime): Promise<Found> {
  const found = await (await findMessages(db, [wanted], by, context))[0];
  if (found instanceof ProblemError) throw found;
  return found!;
}

/** Rows by position; one in another room than it was asked for in is none. */
async function selectRows(db: Db, wanted: readonly Wanted[], context: Lifetime): Promise<(MessageRow | undefined)[]> {
  if (wanted.length === 0) return [];
  const asked = new Map(
    wanted.map(({ caller, request }) => [
      keyOf(request.messageId, caller.subject),
      { messageId: request.messageId, viewer: caller.subject },
    ]),
  );
  const { rows } = await selectMessages([...asked.values()]).execute(db, within(context));
  const byKey = new Map(rows.map((row) => [keyOf(row.id, row.viewer), row]));
  return wanted.map(({ caller, request: { messageId, roomId } }) => {
    const row = byKey.get(keyOf(messageId, caller.subject));
    return roomId === undefined || row?.room_id === roomId ? row : undefined;
  });
}

const keyOf = (messageId: string, viewer: string) => `${messageId} ${viewer}`;
