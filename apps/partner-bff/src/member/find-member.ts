import type { RequestContext } from '@facet/context';
import type { Member } from '@facet/contracts/rooms';
import type { Downstream } from '../downstream.js';
import type { MemberParams } from './member.view.js';

/** One member, or nobody. Members come ordered by user id, so the page of one behind the id just before theirs begins with them, if they are there. */
export async function findMember(
  { rooms }: Downstream,
  { roomId, userId }: MemberParams,
  context: RequestContext,
): Promise<Member | undefined> {
  const { members } = await rooms.listMembers({ roomId, pageSize: 1, after: idBefore(userId) }, context);
  return members.find((member) => member.userId === userId);
}

function idBefore(id: string): string {
  const before = BigInt(`0x${id.replaceAll('-', '')}`) - 1n;
  const digits = before.toString(16).padStart(32, '0');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
