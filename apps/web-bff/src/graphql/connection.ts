import { text, type Cursors } from '@facet/edge';
import { z } from 'zod';

export const connectionSdl = `
  "Where a page of a connection stands."
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
`;

export const PageArguments = z.object({
  first: z
    .int()
    .min(1, 'must be 1 to 100')
    .max(100, 'must be 1 to 100')
    .nullish()
    .transform((first) => first ?? 20),
  after: text(1, 500)
    .nullish()
    .transform((after) => after ?? undefined),
});

export type Page = z.output<typeof PageArguments>;

interface Rows<Node> {
  readonly nodes: readonly Node[];
  /** Whether there are rows beyond these. */
  readonly more: boolean;
}

/** A place in one list of one viewer. */
export interface ListPlace {
  readonly cursors: Cursors;
  /** Which list, so that a cursor of another one is refused. */
  readonly list: string;
}

/** A page of a list in the shape of Relay's connections. Cursors are made only where they are asked for. */
export async function pageOf<Node extends { readonly id: string }>(
  { cursors, list }: ListPlace,
  { first, after }: Page,
  fetch: (page: { pageSize: number; after: string | undefined }) => Promise<Rows<Node>>,
) {
  const lastSeen = after === undefined ? undefined : cursors.open(after, list);

  const { nodes, more } = await fetch({ pageSize: first, after: lastSeen });

  const cursorOf = (node: Node | undefined) => () => node && cursors.seal(node.id, list);
  return {
    edges: nodes.map((node) => ({ node, cursor: cursorOf(node) })),
    pageInfo: {
      hasNextPage: more,
      hasPreviousPage: after !== undefined,
      startCursor: cursorOf(nodes[0]),
      endCursor: cursorOf(nodes.at(-1)),
    },
  };
}
