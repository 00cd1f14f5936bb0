import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { SetTypingResponse } from '@facet/contracts/presence';
import { within } from '@facet/database';
import { ProblemError } from '@facet/errors';
import { awaitAccess } from '@facet/memberships';
import type { Clock } from '../clock.js';
import { requireVisible } from '../presence-policy.js';
import { renewTyping } from '../store/leases.js';
import type { Db } from '../store/tables.js';
import type { OneRoom } from './requests.js';

const leaseMs = 5_000;

export async function setTyping(db: Db, clock: Clock, { roomId }: OneRoom, context: RequestContext): Promise<SetTypingResponse> {
  const { caller } = context;
  authorize(caller, 'presence:update');

  const [access] = await awaitAccess(db, [{ roomId, caller }], context);
  const room = requireVisible(access, caller);
  if (!room.role) throw new ProblemError('forbidden', { detail: 'Only members type in a room.' });

  await renewTyping(db, roomId, caller.subject, clock.inMs(leaseMs)).execute(within(context));
  return {};
}
