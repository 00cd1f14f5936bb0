import { PresenceService } from '@facet/contracts/presence/grpc';
import { Member, MemberRole, RoomCreated, type RoomType } from '@facet/contracts/rooms';
import { newId } from '@facet/database';
import { event } from '@facet/events';
import { startService, userIds, type TestUser } from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import { Clock } from '../src/clock.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';

/** On a clock that stands still until time is told to pass. */
export async function startPresence() {
  let now = Date.UTC(2026, 10, 21, 12);
  const clock = new Clock(() => now);
  const service = await startService<Tables, { presence: typeof PresenceService }>({
    name: 'presence-service',
    schema: 'presence',
    migrations,
    services: { presence: PresenceService },
    module: (config) => AppModule.forRoot(config, clock),
  });
  const pass = (ms: number) => void (now += ms);
  return { ...service, clock, pass };
}

export type Presence = Awaited<ReturnType<typeof startPresence>>;

/** What rooms-service says when a room comes to be. */
export function aRoomCreated(roomId: string, type: RoomType, members: readonly TestUser[]) {
  return event(
    RoomCreated,
    { key: roomId },
    RoomCreated.fromPartial({
      roomId,
      type,
      createdBy: userIds.alice,
      members: members.map((user) =>
        Member.fromPartial({ userId: userIds[user], role: MemberRole.MEMBER_ROLE_MEMBER, joinedAt: new Date() }),
      ),
    }),
  );
}

export async function haveRoom({ database, settle }: Presence, type: RoomType, members: readonly TestUser[]): Promise<string> {
  const roomId = newId();
  await database.emit([aRoomCreated(roomId, type, members)]);
  await settle();
  return roomId;
}
