import { PresenceService } from '@facet/contracts/presence/grpc';
import { Member, MemberRole, RoomCreated, type RoomType } from '@facet/contracts/rooms';
import { newId } from '@facet/database';
import { event } from '@facet/events';
import { startService, userIds, type TestUser } from '@facet/testing';
import { AppModule } from '../src/app.module.js';
import { Clock } from '../src/clock.js';
import { migrations } from '../src/store/migrations.js';
import type { Tables } from '../src/store/tables.js';

/** Stands still until it is told otherwise. */
export class TestClock extends Clock {
  #now = Date.UTC(2026, 10, 21, 12);

  override now(): Date {
    return new Date(this.#now);
  }

  pass(ms: number): void {
    this.#now += ms;
  }
}

export async function startPresence() {
  const clock = new TestClock();
  const service = await startService<Tables, { presence: typeof PresenceService }>({
    name: 'presence-service',
    schema: 'presence',
    migrations,
    services: { presence: PresenceService },
    module: (config) => AppModule.forRoot(config, clock),
  });
  return { ...service, clock };
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
