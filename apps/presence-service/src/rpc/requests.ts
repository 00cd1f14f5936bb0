import { PresenceStatus } from '@facet/contracts/presence';
import { id } from '@facet/service-kit';
import { z } from 'zod';

export const OneRoom = z.object({ roomId: id });
export type OneRoom = z.infer<typeof OneRoom>;

export const Heartbeat = z.object({
  status: z
    .literal([PresenceStatus.PRESENCE_STATUS_ONLINE, PresenceStatus.PRESENCE_STATUS_AWAY], 'must be online or away')
    .transform((status) => (status === PresenceStatus.PRESENCE_STATUS_ONLINE ? 'online' : 'away')),
});
export type Heartbeat = z.infer<typeof Heartbeat>;
