import type { RequestContext } from '@facet/context';
import { PresenceStatus } from '@facet/contracts/presence';
import type { Downstream } from '../downstream.js';
import type { RoomPath } from '../room/room.view.js';
import type { Presence } from './presence.view.js';

const statuses = { online: PresenceStatus.PRESENCE_STATUS_ONLINE, away: PresenceStatus.PRESENCE_STATUS_AWAY };

/** Holds for 30 seconds. */
export async function setPresence({ presence }: Downstream, { status }: Presence, context: RequestContext): Promise<void> {
  await presence.heartbeat({ status: statuses[status] }, context);
}

/** Holds for 5 seconds. */
export async function setTyping({ presence }: Downstream, { roomId }: RoomPath, context: RequestContext): Promise<void> {
  await presence.setTyping({ roomId }, context);
}
