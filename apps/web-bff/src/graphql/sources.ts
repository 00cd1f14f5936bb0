import type { Cursors } from '@facet/edge';
import type { Downstream } from '../downstream.js';

/** Where the fields' answers come from. */
export interface Sources {
  readonly downstream: Downstream;
  readonly cursors: Cursors;
}
