import { pageLimit } from '@facet/edge';
import { z } from 'zod';

export const PageQuery = z.object({
  limit: pageLimit.default(20),
  cursor: z.string().max(200).optional().meta({ description: '`page.next` of the page before.' }),
  order: z.enum(['asc', 'desc']).default('asc').meta({ description: 'By id: oldest first, or newest first.' }),
});
export type PageQuery = z.infer<typeof PageQuery>;

export interface Page<Item> {
  readonly data: readonly Item[];
  readonly page: { readonly next: string | null; readonly limit: number };
}

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    data: z.array(item),
    page: z.object({ next: z.string().nullable().meta({ description: 'Null at the end.' }), limit: z.int() }),
  });
}
