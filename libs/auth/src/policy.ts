import {
  all,
  isAdmin,
  isAuthor,
  isDeleted,
  isImporter,
  isMember,
  isModerator,
  isPublicRoom,
  isSelf,
  isText,
  may,
  rulesRoom,
  seesRoom,
  within,
  type Condition,
} from './conditions.js';
import type { Permission } from './roles.js';

/** Clause: at least one of these must hold; else the answer is this. */
export interface Clause {
  readonly anyOf: readonly Condition[];
  readonly code: 'forbidden' | 'not-found';
  /** Public, so that it tells nobody anything of what may not be seen. */
  readonly detail: string;
}

/** Rule: what it takes to do one thing: permissions, of which roles allow each and the token covers each, then every clause, in this order. */
export interface Rule {
  readonly needs: readonly Permission[];
  /** For whom no permission is asked. */
  readonly unless?: Condition;
  readonly where?: readonly Clause[];
}

const hours = 3_600_000;

/** What one may not see is not there. */
const sees = (thing: string): Clause => ({ anyOf: [seesRoom], code: 'not-found', detail: `There is no such ${thing}.` });
const must = (detail: string, ...anyOf: readonly Condition[]): Clause => ({ anyOf, code: 'forbidden', detail });

/** A guest changes nothing, whatever room it is. */
const takingPart = ['room:join'] as const;
const ruling = (permission: Permission, ...others: readonly Condition[]) =>
  must('You do not rule this room.', ...others, rulesRoom, may(permission));
const members = must('This is for members of the room.', isMember, isAdmin);
const moderates = [isModerator, isAdmin] as const;
const ownOrAdmin = (detail: string) => must(detail, isSelf, isAdmin);

/**
 * policy: who may do what, over the role matrix (`roles`). The one place where it is said: services ask it with all that they know of a thing, BFFs with
 * what they know before they ask a service. Who knows less is never told no where who knows more would say yes.
 */
export const policy = {
  'room:list': { needs: ['room:read'] },
  'room:read': { needs: ['room:read'], where: [sees('room')] },
  'room:create': { needs: ['room:create'] },
  'room:join': { needs: takingPart, where: [sees('room'), must('Only a public room can be joined.', isPublicRoom, isMember)] },
  'room:leave': { needs: takingPart, where: [sees('room')] },
  'room:update': { needs: takingPart, where: [sees('room'), ruling('room:update')] },
  'room:delete': { needs: takingPart, where: [sees('room'), ruling('room:delete')] },
  'member:add': { needs: takingPart, where: [sees('room'), ruling('room:update', all(isPublicRoom, isSelf))] },
  'member:remove': { needs: takingPart, where: [sees('room'), ruling('room:delete', isSelf)] },

  'message:list': { needs: ['message:read'] },
  'message:list-in-room': { needs: ['message:read'], where: [sees('room')] },
  'message:read': { needs: ['message:read'], where: [sees('message')] },
  'message:create': { needs: ['message:create'], where: [sees('room'), members] },
  'message:react': { needs: ['message:create'], where: [sees('message'), members] },
  'message:unreact': { needs: ['message:create'], where: [sees('message')] },
  'message:edit': {
    needs: ['message:update'],
    where: [
      sees('message'),
      must('What nobody said is not edited.', isText),
      must('A message is edited by its author.', isAuthor, ...moderates),
    ],
  },
  'message:delete': {
    needs: ['message:delete'],
    where: [
      sees('message'),
      must('A message is deleted by its author.', isAuthor, rulesRoom, ...moderates),
      must('A message can be deleted by its author for 24 hours.', within(24 * hours), isDeleted, rulesRoom, ...moderates),
    ],
  },

  'attachment:upload': { needs: ['message:create'] },
  // What no message has is its owner's; what one has, the room's. Of the latter nobody is told the owner.
  'attachment:read': { needs: ['message:read'], where: [{ ...sees('attachment'), anyOf: [isSelf, seesRoom] }] },
  'attachment:delete': { needs: ['message:create'], where: [{ ...sees('attachment'), anyOf: [isSelf, seesRoom] }] },

  'notification:list': { needs: ['notification:read'] },
  'notification:mark-read': { needs: ['notification:update'] },
  'room:mark-read': { needs: ['notification:update'], where: [sees('room')] },
  'unread:count': { needs: ['notification:read'], where: [ownOrAdmin('The unread count of somebody else is for admins.')] },
  'unread:count-in-room': {
    needs: ['notification:read'],
    where: [sees('room'), ownOrAdmin('The unread count of somebody else is for admins.')],
  },

  'presence:count': { needs: ['room:read'], where: [sees('room')] },
  'presence:update': { needs: ['presence:update'] },
  'typing:set': { needs: ['presence:update'], where: [sees('room'), must('Only members type in a room.', isMember)] },

  // One's own profile always. Who may read messages may know who wrote them.
  'user:read': { needs: ['user:read'], unless: isSelf },
  'byline:read': { needs: ['message:read'], unless: isSelf },
  'email:read': { needs: ['user:read'], unless: isSelf, where: [ownOrAdmin('The address of somebody else is for admins.')] },
  'user:update': { needs: ['user:update'], where: [ownOrAdmin('This is the profile of somebody else.')] },

  import: { needs: [], where: [must('Only the importer may do this.', isImporter)] },
} as const satisfies Record<string, Rule>;

/** RuleName: one thing that somebody may want to do. */
export type RuleName = keyof typeof policy;

/** isRule: whether a text names one of our rules. */
export function isRule(text: string): text is RuleName {
  return Object.hasOwn(policy, text);
}
