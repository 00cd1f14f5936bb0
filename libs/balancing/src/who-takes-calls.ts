import type { Member } from './member.js';

/**
 * whoTakesCalls: the members that may be picked. Those that serve and were not taken out; where these are too small a part of the table, those
 * taken out as well (panic: what is left would break under the load); where nobody serves, who can be reached; else anybody.
 */
export function whoTakesCalls(members: readonly Member[], panicShare: number): readonly Member[] {
  const able = members.filter((member) => member.able);
  if (able.length === 0) {
    const reachable = members.filter((member) => member.reachable);
    return reachable.length > 0 ? reachable : members;
  }
  const well = able.filter(({ ejected }) => !ejected);
  return well.length > 0 && well.length >= panicShare * members.length ? well : able;
}
