import type { RequestContext } from '@facet/context';
import type { People } from '../user/people.js';

/** What all fields of one request share. */
export interface Viewing {
  readonly context: RequestContext;
  readonly people: People;
}
