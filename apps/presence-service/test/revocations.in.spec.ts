import { newCaller, revocationLivesMs } from '@facet/auth';
import { RoomType } from '@facet/contracts/rooms';
import { revoked } from '@facet/events/revocations';
import { callerOf, contextOf } from '@facet/testing';
import { beforeAll, expect, it, vi } from 'vitest';
import { haveRoom, startPresence, type Presence } from './presence.fixtures.js';

let service: Presence;
let roomId: string;

beforeAll(async () => {
  service = await startPresence();
  roomId = await haveRoom(service, RoomType.ROOM_TYPE_PUBLIC, ['alice', 'carol']);
});

const signedIn = (session: string) => newCaller({ ...callerOf('carol'), session, issuedAt: Math.floor(Date.now() / 1_000) });
const count = (session: string) => service.clients.presence.countOnline({ roomId }, contextOf(signedIn(session)));
const refused = expect.objectContaining({ code: 'forbidden' });

it('a caller whose session has ended is nobody to the service, whatever token a BFF still has for him; his other sessions go on', async () => {
  await expect(count('over')).resolves.toEqual({ count: 0 });
  const now = Date.now();
  await service.database.emit([revoked({ kind: 'session', id: 'over', before: now, until: now + revocationLivesMs })]);
  await vi.waitFor(() => expect(count('over')).rejects.toEqual(refused), { timeout: 1_000, interval: 20 });
  await expect(count('other')).resolves.toEqual({ count: 0 });
});
