import type { ListMembersResponse } from '@facet/contracts/rooms';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import type { BatchContext, BatchItem } from '@facet/service-kit';
import { startOf } from '../store/keyset.js';
import { selectMemberPages, type FoundMember } from '../store/members.js';
import type { Db } from '../store/tables.js';
import { findVisibleRooms } from './find-visible-rooms.js';
import type { ListMembers } from './requests.js';
import { toMember } from './to-room.js';

export async function listMembers(db: Db, items: readonly BatchItem<ListMembers>[], context: BatchContext) {
  const rooms = await findVisibleRooms(db, items, context);

  const visible = [...items.keys()].filter((at) => !(rooms[at] instanceof ProblemError));
  const [ascending, descending] = [false, true].map((order) => visible.filter((at) => items[at]!.request.descending === order));
  const pages = new Map([
    ...(await findPages(db, items, ascending!, { descending: false }, context)),
    ...(await findPages(db, items, descending!, { descending: true }, context)),
  ]);

  return items.map(({ request }, at) => {
    const room = rooms[at]!;
    return room instanceof ProblemError ? room : answer(pages.get(at) ?? [], request.pageSize);
  });
}

/** The pages of the items at these positions, by position. One statement for all. */
async function findPages(
  db: Db,
  items: readonly BatchItem<ListMembers>[],
  positions: readonly number[],
  direction: { descending: boolean },
  context: BatchContext,
): Promise<Map<number, FoundMember[]>> {
  if (positions.length === 0) return new Map();
  const pages = positions.map((at) => {
    const { roomId, after, pageSize } = items[at]!.request;
    return { roomId, after: startOf(after, direction), limit: pageSize + 1 };
  });
  const { rows } = await selectMemberPages(pages, direction).execute(db, within(context));
  const grouped = Map.groupBy(rows, (member) => positions[member.at]!);
  return grouped;
}

function answer(members: readonly FoundMember[], pageSize: number): ListMembersResponse {
  return { members: members.slice(0, pageSize).map(toMember), more: members.length > pageSize };
}
