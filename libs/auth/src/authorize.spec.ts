import { describe, expect, it } from 'vitest';
import { authorize, isAllowed, refuseEarly } from './authorize.js';
import { newCaller, type CallerFields } from './new-caller.js';
import { scopesOf } from './roles.js';

const room = { type: 'public', role: 'member' } as const;
const carol = callerWith({});
const guest = callerWith({ roles: ['guest'], scopes: scopesOf(['admin']) });
const readOnly = callerWith({ roles: ['admin'], scopes: ['read:messages'] });

describe('authorize', () => {
  it('passes who has the role, the scope, and stands to the thing as the rule says', () => {
    expect(() => authorize(carol, 'message:create', { room })).not.toThrow();
    expect(isAllowed(carol, 'message:create', { room })).toBe(true);
  });

  it('refuses a role that does not allow it, whatever the scopes', () => {
    expect(() => authorize(guest, 'message:create', { room })).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('refuses a token without the scope, whatever the role, and says which', () => {
    expect(() => authorize(readOnly, 'message:create', { room })).toThrow(
      expect.objectContaining({
        code: 'insufficient-scope',
        headers: { 'www-authenticate': expect.stringContaining('error="insufficient_scope"') },
      }),
    );
  });

  it('takes what it does not know for no: a room that is not there', () => {
    expect(() => authorize(carol, 'room:read')).toThrow(expect.objectContaining({ code: 'not-found' }));
    expect(isAllowed(carol, 'room:read', { room: undefined })).toBe(false);
  });
});

describe('refuseEarly', () => {
  it('leaves to others what it does not know', () => {
    expect(() => refuseEarly(carol, 'message:create')).not.toThrow();
  });

  it('refuses what nobody who knows more would allow', () => {
    expect(() => refuseEarly(guest, 'message:create')).toThrow(expect.objectContaining({ code: 'forbidden' }));
    expect(() => refuseEarly(readOnly, 'message:create')).toThrow(expect.objectContaining({ code: 'insufficient-scope' }));
  });
});

describe('a refusal', () => {
  it('explains itself, and tells of nobody', () => {
    const message = { authorId: 'dave', type: 'text', createdAt: new Date(0) } as const;
    const about = { room, message, now: new Date(0) };
    expect(() => authorize(carol, 'message:delete', about)).toThrow(
      expect.objectContaining({
        detail: 'A message is deleted by its author.',
        explanation: expect.objectContaining({
          rule: 'message:delete',
          because: "not so: is the author, or is the room's admin, or is moderator, or is admin",
        }),
      }),
    );
  });
});

describe('a service', () => {
  const importer = callerWith({ subject: 'importer', kind: 'service', client: 'importer', scopes: ['import'], roles: [] });
  const powerful = callerWith({ kind: 'service', roles: ['admin'], scopes: scopesOf(['admin']) });

  it('can read nothing on behalf of a user, even if it claims to be an admin', () => {
    for (const rule of ['room:list', 'room:read', 'message:read', 'email:read', 'user:update'] as const) {
      expect(isAllowed(powerful, rule, { room, userId: powerful.subject, shown: true }), rule).toBe(false);
    }
  });

  it('may import if it is the importer, and nobody else may', () => {
    expect(() => authorize(importer, 'import')).not.toThrow();
    const others = [
      { ...importer, subject: 'web-bff' },
      { ...importer, scopes: [] },
      { ...importer, kind: 'user' as const },
      powerful,
      carol,
    ];
    for (const other of others) expect(() => authorize(other, 'import')).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });
});

function callerWith(given: Partial<CallerFields>) {
  return newCaller({ subject: 'carol', kind: 'user', client: 'web-app', roles: ['user'], scopes: scopesOf(['user']), ...given });
}
