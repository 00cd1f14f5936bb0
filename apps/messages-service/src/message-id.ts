import { newId } from '@facet/database';
import { v7 } from 'uuid';

/** An id after the last one of the room, though it was made by a replica whose clock is ahead of ours. */
export function idAfter(last: string | undefined): string {
  const id = newId();
  return last === undefined || id > last ? id : v7({ msecs: millisecondOf(last) + 1 });
}

/** The millisecond of a UUIDv7 (RFC 9562). */
export function millisecondOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
