import { decide, isAllowed, refusalOf } from '@facet/auth';
import type { Caller } from '@facet/context';

/** How much of a profile somebody sees: all of it, all but the e-mail address, or what stands beside a message. */
export type View = 'whole' | 'public' | 'byline';

/** As much as the rules allow; throws where that is nothing. */
export function viewOf(caller: Caller, userId: string): View {
  const about = { userId };
  if (isAllowed(caller, 'email:read', about)) return 'whole';
  const reading = decide(caller, 'user:read', about);
  if (reading.allowed) return 'public';
  if (isAllowed(caller, 'byline:read', about)) return 'byline';
  throw refusalOf(reading);
}
