import { Answer, type Cursors } from '@facet/edge';
import type { Page, PageQuery } from './page.view.js';

/** All lists of this API, each known by its path. */
export class PagedLists {
  constructor(private readonly cursors: Cursors) {}

  open(path: string, query: PageQuery): PagedList {
    return new PagedList(this.cursors, path, query);
  }
}

/** A list at a path, opened where its client goes on. Ordered by id, so that no item is skipped or repeated while others write. */
export class PagedList {
  readonly limit: number;
  readonly ascending: boolean;
  /** Id of the last item that the client has seen. */
  readonly after: string | undefined;
  private readonly scope: string;

  constructor(
    private readonly cursors: Cursors,
    private readonly path: string,
    { limit, order, cursor }: PageQuery,
  ) {
    this.limit = limit;
    this.ascending = order === 'asc';
    this.scope = `${path} ${order}`;
    this.after = cursor === undefined ? undefined : cursors.open(cursor, this.scope);
  }

  /** One page as it leaves, and the way to the next one (RFC 8288) where there are more items behind the last. */
  page<Item>(data: readonly Item[], more: boolean, lastId: string | undefined): Answer<Page<Item>> {
    const next = more && lastId !== undefined ? this.cursors.seal(lastId, this.scope) : null;
    const body = { data, page: { next, limit: this.limit } };
    return next === null ? new Answer(body) : new Answer(body, { headers: { link: `<${this.path}?${this.query(next)}>; rel="next"` } });
  }

  private query(cursor: string): string {
    return new URLSearchParams({ limit: String(this.limit), ...(!this.ascending && { order: 'desc' }), cursor }).toString();
  }
}
