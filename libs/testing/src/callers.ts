import { newCaller, scopesOf } from '@facet/auth';
import { Ending, RequestContext, type Caller } from '@facet/context';

/** TestUser: somebody of the demo world. */
export type TestUser = 'alice' | 'bob' | 'carol' | 'dave' | 'gina';

/** userIds: fixed ids of the users of tests. */
export const userIds = {
  alice: '01900000-0000-7000-8000-00000000000a',
  bob: '01900000-0000-7000-8000-00000000000b',
  carol: '01900000-0000-7000-8000-00000000000c',
  dave: '01900000-0000-7000-8000-00000000000d',
  gina: '01900000-0000-7000-8000-000000000010',
} as const satisfies Record<TestUser, string>;

const roleOf = { alice: 'admin', bob: 'moderator', carol: 'user', dave: 'user', gina: 'guest' } as const satisfies Record<TestUser, string>;

/** callerOf: a caller with the role of that demo user and all scopes that it allows, or carol with some facts of your own. */
export function callerOf(who: TestUser | Partial<Caller> = 'alice'): Caller {
  if (typeof who === 'string') return userCaller(who);
  const base = userCaller('carol');
  return newCaller({ ...base, ...(who.roles && { scopes: scopesOf(who.roles) }), ...who });
}

function userCaller(user: TestUser): Caller {
  return newCaller({ subject: userIds[user], kind: 'user', client: 'mobile-app', scopes: scopesOf([roleOf[user]]), roles: [roleOf[user]] });
}

/** TestContextOptions: what differs from a patient, living request. */
export interface TestContextOptions {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  readonly requestId?: string;
}

/** contextOf: a request of this caller that has five seconds unless told otherwise. */
export function contextOf(
  who: TestUser | Caller = 'alice',
  { timeoutMs = 5_000, signal, requestId = 'test-request' }: TestContextOptions = {},
): RequestContext {
  const ending = signal ? Ending.of(signal) : new Ending();
  return new RequestContext({ caller: typeof who === 'string' ? callerOf(who) : who, deadline: Date.now() + timeoutMs, ending, requestId });
}
