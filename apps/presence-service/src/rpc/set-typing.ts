import { authorize, refuseEarly } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { SetTypingResponse } from '@facet/contracts/presence';
import { within } from '@facet/database';
import { awaitAccess } from '@facet/memberships';
import type { Clock } from '../clock.js';
import { renewTyping } from '../store/leases.js';
import type { Db } from '../store/tables.js';
import type { OneRoom } from './requests.js';

const leaseMs = 5_000;

export async function setTyping(db: Db, clock: Clock, { roomId }: OneRoom, context: RequestContext): Promise<SetTypingResponse> {
  const { caller } = context;
  refuseEarly(caller, 'typing:set');

  const [room] = await awaitAccess(db, [{ roomId, caller }], context);
  authorize(caller, 'typing:set', { room });

  await renewTyping(db, roomId, caller.subject, clock.inMs(leaseMs)).execute(within(context));
  return {};
}
