import { Cursors } from '@facet/edge';
import { ContentLinks } from '../src/attachment/content-links.js';
import type { Downstream } from '../src/downstream.js';
import type { PageQuery } from '../src/paging/page.view.js';
import { PagedList } from '../src/paging/paged-list.js';

type Fakes = { readonly [Service in keyof Downstream]?: Partial<Downstream[Service]> };

/** A downstream out of object literals; a call that a test does not expect fails it as a missing function. */
export function downstreamOf(fakes: Fakes): Downstream {
  return fakes as Downstream;
}

export const cursors = new Cursors(Buffer.alloc(32, 7));
export const links = new ContentLinks(Buffer.alloc(32, 7), () => Date.parse('2026-11-01T12:00:00Z'));

/** A list at `/list`, from the start and oldest first unless told otherwise. */
export function listOf(query: Partial<PageQuery> = {}): PagedList {
  return new PagedList(cursors, '/list', { limit: 20, order: 'asc', ...query });
}
