import type { Look } from './follow.js';
import type { Table } from './table.js';

/** Source: a registry that fills a table. */
export interface Source {
  readonly look: Look;
  close(): void;
}

/** SourceTools: what every source is given. */
export interface SourceTools {
  readonly table: Table;
  readonly now: () => number;
  readonly random: () => number;
}

/** MakeSource: reads a target; throws where it cannot be read. */
export type MakeSource = (target: string, tools: SourceTools) => Source;
