import type { Sight } from '@facet/auth';
import { isVisibleRoom } from '@facet/memberships';
import { sql, type RawBuilder } from 'kysely';
import type { MessageRow } from './tables.js';

/** One page of messages that somebody wants: of a room that they may see, or of an author in all rooms that they may see. */
export interface Page {
  /** Id of the room or the author. */
  readonly of: string;
  readonly after: string | undefined;
  readonly size: number;
  readonly viewer: string;
  readonly sight: Sight;
}

export interface Shape {
  readonly by: 'room' | 'author';
  readonly ascending: boolean;
}

export type PageRow = MessageRow & { page: number };

const beyond = { ascending: '00000000-0000-0000-0000-000000000000', descending: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** Pages of one shape in one statement. A row knows by `page` (from 0) which of them it is on; each has one row more than its size where there is more. */
export function selectPages({ by, ascending }: Shape, pages: readonly Page[]): RawBuilder<PageRow> {
  const owner = sql.ref(by === 'room' ? 'room_id' : 'author_id');
  const start = ascending ? beyond.ascending : beyond.descending;
  const follows = ascending ? sql`>` : sql`<`;
  const order = ascending ? sql`asc` : sql`desc`;
  return sql<PageRow>`
    select message.*, (page.at - 1)::int as page, coalesce(mine.emojis, '{}') as mine
    from unnest(
      ${pages.map(({ of }) => of)}::uuid[],
      ${pages.map(({ after }) => after ?? start)}::uuid[],
      ${pages.map(({ size }) => size + 1)}::int[],
      ${pages.map(({ viewer }) => viewer)}::uuid[],
      ${pages.map(({ sight }) => sight)}::text[]
    ) with ordinality as page (owner, after, size, viewer, sight, at)
    cross join lateral (
      select * from message as written
      where written.${owner} = page.owner and written.id ${follows} page.after ${by === 'author' ? inVisibleRoom : sql``}
      order by written.id ${order}
      limit page.size
    ) message
    left join lateral (
      select array_agg(emoji) as emojis from reaction where message_id = message.id and user_id = page.viewer
    ) mine on message.reactions <> '[]'
    order by page.at, message.id ${order}`;
}

const inVisibleRoom = sql`and ${isVisibleRoom(sql`written.room_id`, sql`page.viewer`, sql`page.sight`)}`;
