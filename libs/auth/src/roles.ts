/** Resource: what scopes and most permissions are about. */
export type Resource = 'users' | 'rooms' | 'messages' | 'notifications' | 'settings';

/** Scope: what a token allows a client to do for its user (OAuth 2.0). Writing includes creating, changing and deleting. */
export type Scope = `${'read' | 'write'}:${Resource}`;

/** Permission: one thing that a role allows. Whether it is one's own, or in a room that one sees, is a rule of the service. */
export type Permission =
  | `${'user' | 'room' | 'message' | 'settings'}:${'create' | 'read' | 'update' | 'delete'}`
  | 'room:join'
  | 'notification:read'
  | 'notification:update'
  | 'presence:update';

/** Role: what an account is, over the whole system. */
export type Role = keyof typeof roles;

const guest = ['room:read', 'message:read', 'notification:read'] as const satisfies Permission[];

const user = [
  ...guest,
  'user:read',
  'user:update',
  'room:create',
  'room:join',
  'message:create',
  'message:update',
  'message:delete',
  'notification:update',
  'presence:update',
  'settings:read',
] as const satisfies Permission[];

/** roles: the role matrix. `user:update` is one's own profile for everybody but an admin; `settings:update` likewise. */
export const roles = {
  guest,
  user: [...user, 'settings:update'],
  moderator: [...user, 'room:update'],
  admin: [...user, 'room:update', 'room:delete', 'user:create', 'user:delete', 'settings:create', 'settings:update', 'settings:delete'],
} as const satisfies Record<string, readonly Permission[]>;

const resourceOf: Record<string, Resource> = {
  user: 'users',
  room: 'rooms',
  message: 'messages',
  notification: 'notifications',
  settings: 'settings',
  presence: 'messages',
};

/** isRole: whether a text is one of our roles. */
export function isRole(text: string): text is Role {
  return Object.hasOwn(roles, text);
}

/** permissionsOf: all that these roles allow, sorted; a role that we do not know allows nothing. */
export function permissionsOf(names: readonly string[]): Permission[] {
  return [...new Set(names.filter(isRole).flatMap((name): readonly Permission[] => roles[name]))].sort();
}

/** scopesOf: all scopes that somebody with these roles may grant, sorted. */
export function scopesOf(names: readonly string[]): Scope[] {
  return [...new Set(permissionsOf(names).map(scopeOf))].sort();
}

/** scopeOf: the scope that a token must have for a permission. */
export function scopeOf(permission: Permission): Scope {
  const [thing = '', action] = permission.split(':');
  const resource = resourceOf[thing];
  if (!resource) throw new TypeError(`There is no permission ${permission}`);
  return `${action === 'read' ? 'read' : 'write'}:${resource}`;
}
