import { authorize } from '@facet/auth';
import type { RequestContext } from '@facet/context';
import type { HeartbeatResponse } from '@facet/contracts/presence';
import { within } from '@facet/database';
import type { Clock } from '../clock.js';
import { renewLease } from '../store/leases.js';
import type { Db } from '../store/tables.js';
import type { Heartbeat } from './requests.js';

const leaseMs = 30_000;

export async function heartbeat(db: Db, clock: Clock, { status }: Heartbeat, context: RequestContext): Promise<HeartbeatResponse> {
  authorize(context.caller, 'presence:update');

  await renewLease(db, context.caller.subject, status, clock.inMs(leaseMs)).execute(within(context));
  return {};
}
