import type { Caller } from '@facet/context';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Attributes } from './conditions.js';
import { decide } from './decide.js';
import { newCaller } from './new-caller.js';
import { policy, type RuleName } from './policy.js';
import { scopesOf } from './roles.js';

const day = 24 * 3_600_000;
const now = new Date('2026-11-01T12:00:00Z');
const people = ['ann', 'ben', 'cyd'] as const;
const scopes = scopesOf(['admin', 'user']);

/** Everything that there is to know of a call. */
interface World {
  readonly caller: Caller;
  readonly room: NonNullable<Attributes['room']> | undefined;
  readonly message: NonNullable<Attributes['message']>;
  readonly userId: string;
}

/**
 * The role table of the API and the lines under it, written down once more and by hand: by what right somebody may do a thing. It shares nothing with the
 * policy but names.
 */
const oracle: Record<RuleName, (world: World) => boolean> = {
  'room:list': (w) => reads(w, 'rooms', 'guest'),
  'room:read': (w) => reads(w, 'rooms', 'guest') && sees(w),
  'room:create': (w) => writes(w, 'rooms', 'user'),
  'room:join': (w) => writes(w, 'rooms', 'user') && sees(w) && (w.room?.type === 'public' || isIn(w)),
  'room:leave': (w) => writes(w, 'rooms', 'user') && sees(w),
  'room:update': (w) => writes(w, 'rooms', 'user') && sees(w) && (rules(w) || is(w, 'moderator', 'admin')),
  'room:delete': (w) => writes(w, 'rooms', 'user') && sees(w) && (rules(w) || is(w, 'admin')),
  'member:add': (w) =>
    writes(w, 'rooms', 'user') && sees(w) && (rules(w) || is(w, 'moderator', 'admin') || (w.room?.type === 'public' && own(w))),
  'member:remove': (w) => writes(w, 'rooms', 'user') && sees(w) && (rules(w) || is(w, 'admin') || own(w)),

  'message:list': (w) => reads(w, 'messages', 'guest'),
  'message:list-in-room': (w) => reads(w, 'messages', 'guest') && sees(w),
  'message:read': (w) => reads(w, 'messages', 'guest') && sees(w),
  'message:create': (w) => writes(w, 'messages', 'user') && sees(w) && (isIn(w) || is(w, 'admin')),
  'message:react': (w) => writes(w, 'messages', 'user') && sees(w) && (isIn(w) || is(w, 'admin')),
  'message:unreact': (w) => writes(w, 'messages', 'user') && sees(w),
  'message:edit': (w) => writes(w, 'messages', 'user') && sees(w) && w.message.type === 'text' && (wrote(w) || is(w, 'moderator', 'admin')),
  'message:delete': (w) =>
    writes(w, 'messages', 'user') &&
    sees(w) &&
    (rules(w) ||
      is(w, 'moderator', 'admin') ||
      (wrote(w) && (w.message.deletedAt !== undefined || now.getTime() < w.message.createdAt.getTime() + day))),

  'attachment:upload': (w) => writes(w, 'messages', 'user'),
  'attachment:read': (w) => reads(w, 'messages', 'guest') && (own(w) || sees(w)),
  'attachment:delete': (w) => writes(w, 'messages', 'user') && (own(w) || sees(w)),

  'notification:list': (w) => reads(w, 'notifications', 'guest'),
  'notification:mark-read': (w) => writes(w, 'notifications', 'user'),
  'room:mark-read': (w) => writes(w, 'notifications', 'user') && sees(w),
  'unread:count': (w) => reads(w, 'notifications', 'guest') && (own(w) || is(w, 'admin')),
  'unread:count-in-room': (w) => reads(w, 'notifications', 'guest') && sees(w) && (own(w) || is(w, 'admin')),

  'presence:count': (w) => reads(w, 'rooms', 'guest') && sees(w),
  'presence:update': (w) => writes(w, 'messages', 'user'),
  'typing:set': (w) => writes(w, 'messages', 'user') && sees(w) && isIn(w),

  'user:read': (w) => own(w) || reads(w, 'users', 'user'),
  'byline:read': (w) => own(w) || reads(w, 'messages', 'guest'),
  'email:read': (w) => own(w) || (reads(w, 'users', 'user') && is(w, 'admin')),
  'user:update': (w) => writes(w, 'users', 'user') && (own(w) || is(w, 'admin')),

  import: ({ caller }) => caller.kind === 'service' && caller.subject === 'importer' && caller.scopes.includes('import'),
};

const ladder = ['guest', 'user', 'moderator', 'admin'];
const is = ({ caller }: World, ...names: string[]) => caller.kind !== 'service' && caller.roles.some((role) => names.includes(role));
const atLeast = (world: World, role: string) => is(world, ...ladder.slice(ladder.indexOf(role)));
const reads = (world: World, what: string, role: string) => atLeast(world, role) && world.caller.scopes.includes(`read:${what}`);
const writes = (world: World, what: string, role: string) => atLeast(world, role) && world.caller.scopes.includes(`write:${what}`);
const own = ({ caller, userId }: World) => caller.kind !== 'service' && caller.subject === userId;
const wrote = ({ caller, message }: World) => message.authorId === caller.subject;
const isIn = ({ room }: World) => room?.role === 'member' || room?.role === 'admin';
const rules = ({ room }: World) => room?.role === 'admin';
const sees = (world: World) => {
  const type = world.room?.type;
  if (type === 'public') return atLeast(world, 'guest');
  if (type === 'private') return is(world, 'admin') || (atLeast(world, 'user') && isIn(world));
  return type === 'direct' && atLeast(world, 'user') && isIn(world);
};

const callers = fc
  .record({
    subject: fc.constantFrom(...people, 'importer'),
    kind: fc.oneof({ weight: 6, arbitrary: fc.constant('user' as const) }, fc.constantFrom('bot' as const, 'service' as const)),
    roles: fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...ladder).map((role) => [role]) },
      fc.subarray([...ladder, 'emperor', '__proto__']),
    ),
    scopes: fc.oneof(fc.constant(scopes), fc.subarray([...scopes, 'import'])),
  })
  .map((fields) => newCaller({ client: 'web-app', ...fields }));

const worlds: fc.Arbitrary<World> = fc.record({
  caller: callers,
  room: fc.option(
    fc.record({ type: fc.constantFrom('public', 'private', 'direct'), role: fc.constantFrom(undefined, null, 'member', 'admin') }),
    { nil: undefined, freq: 8 },
  ),
  message: fc.record({
    authorId: fc.constantFrom(...people),
    type: fc.constantFrom('text', 'text', 'system'),
    createdAt: fc.constantFrom(0, day - 1, day, day + 1, 9 * day).map((age) => new Date(now.getTime() - age)),
    deletedAt: fc.constantFrom(undefined, undefined, now),
  }),
  userId: fc.constantFrom(...people),
});

const names = Object.keys(policy) as RuleName[];
const runs = { numRuns: 1_000 };

describe.each(names)('%s', (rule) => {
  it('is decided as the role table says, whoever asks for whatever', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        expect(decide(world.caller, rule, { ...world, now }).allowed === true).toBe(oracle[rule](world));
      }),
      runs,
    );
  });

  it('is refused early only if the service refuses it, with the same words, and is never allowed early where the service refuses', () => {
    const known = fc.record({ room: fc.boolean(), message: fc.boolean(), userId: fc.boolean(), now: fc.boolean() });
    fc.assert(
      fc.property(worlds, known, ({ caller, ...world }, known) => {
        const all: Attributes = { ...world, now };
        const some = Object.fromEntries(Object.entries(all).filter(([name]) => known[name as keyof typeof known]));
        const [early, late] = [decide(caller, rule, some), decide(caller, rule, all)];
        if (early.allowed === false) expect(late).toBe(early);
        if (early.allowed === true) expect(late.allowed).toBe(true);
      }),
      runs,
    );
  });
});

it('every decision explains itself, and none is about somebody', () => {
  fc.assert(
    fc.property(worlds, fc.constantFrom(...names), ({ caller, ...world }, rule) => {
      const decision = decide(caller, rule, { ...world, now });
      expect(decision.rule).toBe(rule);
      expect(decision.because).not.toBe('');
      for (const person of people) expect(`${decision.because} ${decision.detail}`).not.toContain(person);
      if (decision.allowed !== true) expect(decision.detail).not.toBe('');
    }),
    runs,
  );
});

it('deciding makes nothing: the same decision is the same object', () => {
  const caller = newCaller({ subject: 'ann', kind: 'user', client: 'web-app', roles: ['user'], scopes });
  expect(decide(caller, 'user:update', { userId: 'ben' })).toBe(decide(caller, 'user:update', { userId: 'cyd' }));
});
