import { createHash } from 'node:crypto';

/** A UUIDv7 (RFC 9562) that is the same every time: `at` gives its order, `name` all its other bits. */
export function stableId(at: Date, ...name: readonly (string | number | string[])[]): string {
  const hash = createHash('sha256').update(JSON.stringify(name)).digest();
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(at.getTime(), 0, 6);
  hash.copy(bytes, 6, 0, 10);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const firstUser = new Date('2026-01-01T00:00:00Z');

/** The id of the user with this username, in the demo world and in every imported conversation. */
export function userIdOf(username: string): string {
  return stableId(firstUser, 'user', username);
}
