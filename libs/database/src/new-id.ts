import { v7 } from 'uuid';

/** newId: a fresh UUIDv7 (RFC 9562). Ids made later in one process sort after earlier ones, so lists page by id. */
export function newId(): string {
  return v7();
}
