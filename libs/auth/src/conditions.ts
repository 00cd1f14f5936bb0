import type { Caller } from '@facet/context';
import { roles, type Permission, type Role } from './roles.js';

/** Seat: what somebody is to a room that exists; without a role no member. */
export interface Seat {
  readonly type: 'public' | 'private' | 'direct';
  readonly role?: 'admin' | 'member' | null | undefined;
}

/** MessageFacts: what rules ask of a message. */
export interface MessageFacts {
  readonly authorId: string;
  readonly type: 'text' | 'system';
  readonly createdAt: Date;
  readonly deletedAt?: Date | undefined;
}

/** Attributes: what is known of the thing that somebody wants something of, and of the circumstances. What is absent is not known to who asks. */
export interface Attributes {
  /** What the caller is to the room. */
  readonly room?: Seat | undefined;
  /** Who knows all of it has shown the thing to the caller; where the seat is known, that counts. */
  readonly shown?: true;
  readonly message?: MessageFacts | undefined;
  /** Whose it is, or whom it is about: a profile, a count, a file, a member. */
  readonly userId?: string | undefined;
  readonly now?: Date | undefined;
  /** Where the request came from: an address, and the country that it is in (ISO 3166-1, two letters). */
  readonly address?: string | undefined;
  readonly country?: string | undefined;
}

/** Condition: something that is so or is not so; undefined where the attributes do not tell. Made once, asked often: it makes nothing. */
export interface Condition {
  readonly name: string;
  holds(caller: Caller, about: Attributes): boolean | undefined;
}

/** Sight: which rooms a role lets somebody see: the public ones, those they are in as well, or all private ones as well. */
export type Sight = 'public' | 'own' | 'private';

const sights = new Map(
  Object.entries<readonly Permission[]>(roles).map(([role, allowed]): [string, Sight] => [
    role,
    role === ('admin' satisfies Role) ? 'private' : allowed.includes('room:join') ? 'own' : 'public',
  ]),
);

/** sightOf: how far the caller's roles let them see. */
export function sightOf({ roles }: Caller): Sight {
  return widestOf(roles) ?? 'public';
}

/** Nothing for who has no role of ours. */
function widestOf(names: readonly string[]): Sight | undefined {
  let widest: Sight | undefined;
  for (let at = 0; at < names.length; at += 1) {
    const sight = sights.get(names[at]!);
    if (sight === 'private') return sight;
    if (sight === 'own' || widest === undefined) widest = sight;
  }
  return widest;
}

/**
 * seesRoom: may know of the room. Public: everybody with a role; private: its members and admins; direct: its members alone. A guest sees public rooms
 * alone, even where somebody put them into another.
 */
export const seesRoom = condition('sees the room', ({ kind, roles }, { room, shown }) => {
  if (!room) return shown;
  const sight = kind === 'service' ? undefined : widestOf(roles);
  if (sight === undefined || room.type === 'public') return sight !== undefined;
  return sight !== 'public' && (isSeated(room) || (room.type === 'private' && sight === 'private'));
});

export const isMember = condition('is a member', (_, { room }) => room && isSeated(room));
export const rulesRoom = condition("is the room's admin", (_, { room }) => room && room.role === 'admin');
export const isPublicRoom = condition('the room is public', (_, { room }) => room && room.type === 'public');
export const isSelf = condition('is oneself', ({ kind, subject }, { userId }) =>
  userId === undefined ? undefined : kind !== 'service' && userId === subject,
);
export const isAuthor = condition('is the author', ({ subject }, { message }) => message && message.authorId === subject);
export const isText = condition('somebody said it', (_, { message }) => message && message.type === 'text');
export const isDeleted = condition('is deleted already', (_, { message }) => message && message.deletedAt !== undefined);
export const isAdmin = hasRole('admin');
export const isModerator = hasRole('moderator');
export const isImporter = condition(
  'is the importer',
  ({ kind, subject, scopes }) => kind === 'service' && subject === 'importer' && scopes.includes('import'),
);

/** within: the message is younger than that. */
export function within(ms: number): Condition {
  return condition(`is younger than ${ms / 3_600_000} h`, (_, { message, now }) =>
    message && now ? now.getTime() - message.createdAt.getTime() < ms : undefined,
  );
}

/** may: the caller's roles allow it and the token covers it. */
export function may(permission: Permission): Condition {
  return condition(`may ${permission}`, ({ permissions }) => permissions.includes(permission));
}

/** all: every one of them. */
export function all(...conditions: readonly Condition[]): Condition {
  return condition(conditions.map(({ name }) => name).join(' and '), (caller, about) => {
    let known: boolean | undefined = true;
    for (const one of conditions) {
      const held = one.holds(caller, about);
      if (held === false) return false;
      known &&= held;
    }
    return known;
  });
}

/** condition: one by its name, as logs and documents say it. */
export function condition(name: string, holds: Condition['holds']): Condition {
  return Object.freeze({ name, holds });
}

function hasRole(role: Role): Condition {
  return condition(`is ${role}`, (caller) => caller.kind !== 'service' && caller.roles.includes(role));
}

function isSeated({ role }: Seat): boolean {
  return role !== undefined && role !== null;
}
