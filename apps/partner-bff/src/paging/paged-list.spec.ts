import { idOf } from '@facet/testing';
import { describe, expect, it } from 'vitest';
import { cursors, listOf } from '../../test/downstream.fixtures.js';
import { PageQuery } from './page.view.js';
import { PagedList } from './paged-list.js';

describe('a list in pages', () => {
  it('leads to the next page in its body and in a link', () => {
    const answer = listOf({ limit: 2 }).page(['a', 'b'], true, idOf(2));

    expect(answer.body).toEqual({ data: ['a', 'b'], page: { next: expect.any(String), limit: 2 } });
    expect(answer.headers).toEqual({ link: `</list?limit=2&cursor=${answer.body.page.next}>; rel="next"` });
  });

  it('goes on behind the last item, keeping the order', () => {
    const { body, headers } = listOf({ order: 'desc' }).page(['b'], true, idOf(2));

    expect(headers['link']).toContain('order=desc');
    expect(listOf({ order: 'desc', cursor: body.page.next ?? '' })).toMatchObject({ after: idOf(2), ascending: false });
  });

  it('has no next page and no link at the end', () => {
    const { body, headers } = listOf().page(['a'], false, idOf(1));
    expect(body.page.next).toBeNull();
    expect(headers).toEqual({});
  });

  it.each([
    ['another order', () => listOf({ order: 'desc', cursor: nextOf() })],
    ['another list', () => new PagedList(cursors, '/other', { limit: 20, order: 'asc', cursor: nextOf() })],
    ['nobody', () => listOf({ cursor: 'AAAA' })],
  ])('refuses a cursor of %s', (_, open) => {
    expect(open).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });

  it.each([{ limit: '0' }, { limit: '101' }, { limit: '-1' }, { limit: 'x' }, { order: 'up' }])('refuses %j', (query) => {
    expect(PageQuery.safeParse(query).success).toBe(false);
  });

  it('has 20 items, oldest first, unless told otherwise', () => {
    expect(PageQuery.parse({})).toEqual({ limit: 20, order: 'asc' });
  });
});

function nextOf(): string {
  return listOf().page(['a'], true, idOf(1)).body.page.next ?? '';
}
