import type { Caller } from '@facet/context';
import { within, type Lifetime } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { answerVisitors, type RoomAccess } from '@facet/memberships';
import { outcomeOf, type BatchOutcome } from '@facet/service-kit';
import { requireVisible } from '../message-policy.js';
import type { Message } from '../message.js';
import { selectMessages, toMessage } from '../store/messages.js';
import type { Db, MessageRow } from '../store/tables.js';

export interface Wanted {
  readonly caller: Caller;
  readonly request: { readonly messageId: string; readonly roomId?: string | undefined };
}

/** A message that its caller may see, how the caller has reacted to it, and how the caller stands to its room. */
export interface Found {
  readonly message: Message;
  readonly mine: readonly string[];
  readonly room: RoomAccess;
}

/** Messages by position; what somebody may not see is not there. */
export async function findMessages(db: Db, wanted: readonly Wanted[], context: Lifetime): Promise<readonly BatchOutcome<Found>[]> {
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
          const room = requireVisible(rooms[at], caller, 'message');
          return { message: toMessage(row!), mine: row!.mine, room };
        }),
      ),
  );
}

export async function findMessage(db: Db, wanted: Wanted, context: Lifetime): Promise<Found> {
  const found = await (await findMessages(db, [wanted], context))[0];
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
