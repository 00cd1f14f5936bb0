const first = '00000000-0000-0000-0000-000000000000';
const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The id beyond which a page begins; without one to follow, an id before all others. */
export function startOf(after: string | undefined, { descending }: { descending: boolean }): string {
  return after ?? (descending ? last : first);
}
